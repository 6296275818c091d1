"""Macao: proofs of vocational skills come from an assessment by DSAL (一试两证, 一试三证), not from a
contest's result alone, so nothing is proposed from one. Direct recognition (直接采认) of Macao's
electricians is a rule of its own: it asks what the person holds, not what was won."""

from __future__ import annotations

from plugins import Choice, PartnerOutput, text
from plugins.greater_bay_area.documents import BIR
from plugins.greater_bay_area.packs.model import Pack
from plugins.greater_bay_area.packs.names import named_or_coded

MACAO_LEVELS = (
    Choice("junior", text("初级", "初級", "junior", "inicial")),
    Choice("intermediate", text("中级", "中級", "intermediate", "intermédio")),
    Choice("senior", text("高级", "高級", "senior", "avançado")),
    Choice("technician", text("技师", "技師", "technician", "técnico")),
)
TRAINED = named_or_coded(
    "中式烹调师",
    "中式面点师",
    "西式烹调师",
    "西式面点师",
    "美发师",
    "美容师",
    "育婴员",
    "保育师",
    "茶艺师",
    "评茶师",
)
"""人民网 2024-04-29: the occupations of Macao's five filed bodies, junior to technician."""

PACK = Pack(
    code="macao",
    version="2024-1",
    title=text("澳门特别行政区", "澳門特別行政區", "Macao SAR", "RAE de Macau"),
    outputs=(
        PartnerOutput(
            code="dsal_skill_proof",
            issuer="dsal",
            issuer_title=text("劳工事务局", "勞工事務局", "Labour Affairs Bureau (DSAL)", "Direção dos Serviços para os Assuntos Laborais (DSAL)"),
            title=text("职业技能证明书", "職業技能證明書", "Proof of vocational skills", "Certificado de qualificação profissional"),
            levels=MACAO_LEVELS,
            languages=("zh-Hant", "pt"),
            eligibility=text("持有效澳门居民身份证；年资按各职业规定（例如美发师：6年）。", "持有效澳門居民身份證；年資按各職業規定（例如美髮師：6年）。", "A valid Macao identity card; years of work as each occupation rules (hairdresser: six).", "BIR de Macau válido; anos de trabalho segundo a profissão (cabeleireiro: seis)."),
            fields=("name", "title", "level", "awarded_on"),
            source="人民网 2024-04-29; dsal.gov.mo/bayarea …/jzm12je3; gov.mo ps-1397",
            occupations=TRAINED,
            documents=(BIR.code,),
        ),
        PartnerOutput(
            code="mors",
            issuer="mors",
            issuer_title=text("粤澳合作技能人才评价工作站（横琴）", "粵澳合作技能人才評價工作站（橫琴）", "Guangdong-Macao assessment station, Hengqin", "Posto de avaliação Guangdong-Macau, Hengqin"),
            title=text("澳门职业技能认可基准证明", "澳門職業技能認可基準證明", "Macao Occupational Skills Recognition System (MORS)", "Sistema de reconhecimento de competências de Macau (MORS)"),
            levels=MACAO_LEVELS,
            languages=("zh-Hant", "pt"),
            eligibility=text("按该站的规定。", "按該站的規定。", "As the station rules.", "Segundo as regras do posto."),
            fields=("name", "title", "level", "awarded_on"),
            source="macaodaily 2023-07-31",
            valid_from="2023-07-31",
            asks=text("公开文本未列职业与等级：由主办方向该站核对。", "公開文本未列職業與等級：由主辦方向該站核對。", "The published text lists no occupations: the organiser asks the station.", "O texto publicado não indica as profissões: o organizador consulta o posto."),
        ),
        PartnerOutput(
            code="electrician_recognition",
            issuer="zhuhai_training",
            issuer_title=text("珠海市职业训练指导服务中心", "珠海市職業訓練指導服務中心", "Zhuhai Vocational Training Guidance Centre", "Centro de Orientação da Formação Profissional de Zhuhai"),
            title=text("电工职业技能等级证书（直接采认）", "電工職業技能等級證書（直接採認）", "Electrician's level certificate (direct recognition)", "Certificado de nível de eletricista (reconhecimento direto)"),
            levels=MACAO_LEVELS[:2],
            languages=("zh-Hans",),
            eligibility=text("持澳门初级或中级维修电工证明的人员，直接采认。", "持澳門初級或中級維修電工證明的人員，直接採認。", "Holders of Macao's junior or intermediate maintenance electrician proof, directly.", "Titulares do certificado de eletricista de manutenção inicial ou intermédio de Macau, diretamente."),
            fields=("name", "title", "level", "number", "awarded_on"),
            source="中新网 (mirror 8d4o.com); 人社函〔2016〕3112号",
            occupations=named_or_coded("电工"),
            basis="held",
        ),
    ),
)  # fmt: skip
