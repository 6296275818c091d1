"""Hong Kong: no text lets a contest result alone lead to a qualification, so nothing is proposed from
one. What one test may be recognised for stands in `outputs`, and counts for a contest alone whose
organiser says that it is. No official equation of the
Qualifications Framework's levels with the mainland's exists, and none is made here."""

from __future__ import annotations

from plugins import Choice, PartnerOutput, text
from plugins.greater_bay_area.packs.model import Pack
from plugins.greater_bay_area.packs.names import named_or_coded

HKQF = tuple(
    Choice(
        str(n), text(f"资历架构第{n}级", f"資歷架構第{n}級", f"QF level {n}", f"Nível {n} do QF")
    )
    for n in range(1, 8)
)
"""hkqf.gov.hk/en/qf-level: seven levels, Cap. 592."""

PACK = Pack(
    code="hong_kong",
    version="2013-1",
    title=text("香港特别行政区", "香港特別行政區", "Hong Kong SAR", "RAE de Hong Kong"),
    outputs=(
        PartnerOutput(
            code="vtc_competency",
            issuer="vtc",
            issuer_title=text("香港职业训练局", "香港職業訓練局", "Vocational Training Council", "Conselho de Formação Profissional de Hong Kong"),
            title=text("专业能力评估证书", "專業能力評估證書", "Certificate of professional competency assessment", "Certificado de avaliação de competência profissional"),
            levels=(),
            languages=("zh-Hant", "en"),
            eligibility=text("按香港职业训练局的规定。", "按香港職業訓練局的規定。", "As the Vocational Training Council rules.", "Segundo as regras do Conselho de Formação Profissional."),
            fields=("name", "title", "awarded_on"),
            source="大公报 2013-03 (一试三证: VTC, 广东省职业技能鉴定指导中心, iPSN)",
            occupations=named_or_coded("美发师", "美容师"),
            valid_from="2013-03-01",
        ),
        PartnerOutput(
            code="ipsn",
            issuer="ipsn",
            issuer_title=text("国际专业标准联盟", "國際專業標準聯盟", "International Professional Standards Network", "International Professional Standards Network"),
            title=text("国际专业标准证书", "國際專業標準證書", "International professional standards certificate", "Certificado internacional de normas profissionais"),
            levels=(),
            languages=("en",),
            eligibility=text("按该联盟的规定。", "按該聯盟的規定。", "As the network rules.", "Segundo as regras da rede."),
            fields=("name", "title", "awarded_on"),
            source="大公报 2013-03 (一试三证)",
            occupations=named_or_coded("美发师", "美容师"),
            valid_from="2013-03-01",
        ),
        PartnerOutput(
            code="hkqf_rpl",
            issuer="hk_rpl",
            issuer_title=text("香港过往资历认可评估机构", "香港過往資歷認可評估機構", "Hong Kong RPL assessment agency", "Agência de reconhecimento de qualificações de Hong Kong"),
            title=text("过往资历认可资历证明书", "過往資歷認可資歷證明書", "Statement of attainment (RPL)", "Certidão de reconhecimento de qualificações (RPL)"),
            levels=HKQF,
            languages=("zh-Hant", "en"),
            eligibility=text("按行业的过往资历认可规定；例如美容护理第3级须有5年工作经验并通过实务测试。", "按行業的過往資歷認可規定；例如美容護理第3級須有5年工作經驗並通過實務測試。", "As the industry's rules say; beauty care at level 3, for example, takes five years and a practical test.", "Segundo as regras do setor; estética no nível 3, por exemplo, exige cinco anos e prova prática."),
            fields=("name", "title", "level", "awarded_on"),
            source="rpl.cice.edu.hk; hkqf.gov.hk/en/qf-level",
            asks=text("没有官方文件把资历架构级别与内地技能等级对应：级别由评估机构填写。", "沒有官方文件把資歷架構級別與內地技能等級對應：級別由評估機構填寫。", "No official text equates these levels with the mainland's: the agency states the level.", "Nenhum texto oficial equipara estes níveis aos do interior: o nível é indicado pela agência."),
        ),
    ),
)  # fmt: skip
