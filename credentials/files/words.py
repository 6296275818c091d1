"""What stands on paper in four languages, which follows the issuer and never the reader. Data, not
messages: two or three languages stand on one page."""

from __future__ import annotations

from core.scoring.model import Text


def text(hans: str, hant: str, en: str, pt: str) -> Text:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en, "pt": pt}


LEVEL_CERTIFICATE = text(
    "职业技能等级证书",
    "職業技能等級證書",
    "Certificate of Vocational Skill Level",
    "Certificado de Nível de Competência Profissional",
)
HONOUR_CERTIFICATE = text("荣誉证书", "榮譽證書", "Certificate of Honour", "Certificado de Honra")
PARTNER_CERTIFICATE = text("证书", "證書", "Certificate", "Certificado")
BODY = text(
    "本证书表明持证人已通过评价，取得所列职业的技能等级。",
    "本證書表明持證人已通過評價，取得所列職業的技能等級。",
    "The holder was assessed and has the skill level stated below.",
    "O titular foi avaliado e possui o nível de competência abaixo indicado.",
)
HONOURED = text("特授予", "特授予", "is awarded the title of", "é agraciado com o título de")
CONFERRED = text("特颁此证", "特頒此證", "has been awarded", "obteve")

NAME = text("姓名", "姓名", "Name", "Nome")
DOCUMENT = text("证件类型", "證件類型", "Document", "Documento")
DOCUMENT_NUMBER = text("证件号码", "證件號碼", "Document number", "Número do documento")
OCCUPATION = text("职业名称", "職業名稱", "Occupation", "Profissão")
DIRECTION = text("工种/职业方向", "工種/職業方向", "Specialisation", "Especialização")
LEVEL = text("职业技能等级", "職業技能等級", "Skill level", "Nível de competência")
NUMBER = text("证书编号", "證書編號", "Certificate number", "Número do certificado")
BODY_NAME = text("评价机构", "評價機構", "Assessment body", "Entidade avaliadora")
DATE = text("发证日期", "發證日期", "Date of issue", "Data de emissão")
REISSUED = text(
    "补发 第{count}次 {date}",
    "補發 第{count}次 {date}",
    "Reissued ({count}) on {date}",
    "Segunda via ({count}) em {date}",
)
