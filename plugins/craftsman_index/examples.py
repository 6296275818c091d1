"""Two tables to start from. Both are examples and say so in their titles: the published index of four
and twelve indicators and the standard with its five and two dimensions are known by these numbers
alone, so every name and weight here is ours, for the organiser to replace."""

from __future__ import annotations

from plugins import Template, text
from plugins.craftsman_index.questions import COUNTED, GIVEN, below, indicator

CRAFTSMAN = Template(
    "craftsman_4_12",
    text(
        "工匠量化指标（4 项一级、12 项二级；示例名称与权重）",
        "工匠量化指標（4 項一級、12 項二級；示例名稱與權重）",
        "Craftsman index (4 and 12 indicators; example names and weights)",
        "Índice de artesãos (4 e 12 indicadores; nomes e pesos de exemplo)",
    ),
    {
        "first_level": [
            indicator("A", text("技术技能", "技術技能", "Skill", "Perícia"), "40"),
            indicator("B", text("创新与经济贡献", "創新與經濟貢獻", "Innovation and economic contribution", "Inovação e contributo económico"), "30"),
            indicator("C", text("传承与影响", "傳承與影響", "Handing on and influence", "Transmissão e influência"), "20"),
            indicator("D", text("职业操守与履历", "職業操守與履歷", "Professional conduct and career", "Conduta profissional e percurso"), "10"),
        ],
        "second_level": [
            below("A", text("技艺水平", "技藝水平", "Mastery of the trade", "Domínio do ofício"), "18"),
            below("A", text("攻克技术难题", "攻克技術難題", "Technical problems solved", "Problemas técnicos resolvidos"), "14"),
            below("A", text("市级以上竞赛获奖次数", "市級以上競賽獲獎次數", "Prizes in contests from city level up", "Prémios em concursos municipais ou superiores"), "8", COUNTED, "4"),
            below("B", text("经济效益", "經濟效益", "Economic benefit", "Benefício económico"), "12"),
            below("B", text("授权专利数", "授權專利數", "Patents granted", "Patentes concedidas"), "8", COUNTED, "5"),
            below("B", text("成果推广应用", "成果推廣應用", "Use of results elsewhere", "Aplicação dos resultados"), "10"),
            below("C", text("所带徒弟数", "所帶徒弟數", "Apprentices taught", "Aprendizes formados"), "8", COUNTED, "8"),
            below("C", text("创新工作室与培训", "創新工作室與培訓", "Innovation studio and training", "Estúdio de inovação e formação"), "7"),
            below("C", text("行业与社会影响", "行業與社會影響", "Influence in the trade and in society", "Influência no setor e na sociedade"), "5"),
            below("D", text("职业道德", "職業道德", "Professional ethics", "Ética profissional"), "5"),
            below("D", text("本职业从业年限", "本職業從業年限", "Years in the occupation", "Anos na profissão"), "3", COUNTED, "15"),
            below("D", text("学历与职称", "學歷與職稱", "Education and professional title", "Habilitações e título profissional"), "2", GIVEN, "10"),
        ],
    },
)  # fmt: skip

DIGITAL = Template(
    "digital_5_2",
    text(
        "数字工匠（5+2 维度；示例名称与权重）",
        "數字工匠（5+2 維度；示例名稱與權重）",
        "Digital craftsman (5 + 2 dimensions; example names and weights)",
        "Artesão digital (5 + 2 dimensões; nomes e pesos de exemplo)",
    ),
    {
        "first_level": [
            indicator("D1", text("数字素养", "數字素養", "Digital literacy", "Literacia digital"), "10"),
            indicator("D2", text("数字技能", "數字技能", "Digital skill", "Perícia digital"), "25"),
            indicator("D3", text("数字化应用", "數字化應用", "Digital methods in production", "Métodos digitais na produção"), "20"),
            indicator("D4", text("技术创新", "技術創新", "Technical innovation", "Inovação técnica"), "15"),
            indicator("D5", text("经济效益", "經濟效益", "Economic benefit", "Benefício económico"), "10"),
            indicator("E1", text("传帮带", "傳幫帶", "Handing on", "Transmissão do saber"), "10"),
            indicator("E2", text("职业操守", "職業操守", "Professional conduct", "Conduta profissional"), "10"),
        ],
        "second_level": [
            below("D1", text("数字知识与信息安全", "數字知識與資訊安全", "Digital knowledge and security", "Conhecimentos digitais e segurança"), "10"),
            below("D2", text("现场实操", "現場實操", "Practical work on site", "Trabalho prático no local"), "15"),
            below("D2", text("理论测试成绩", "理論測試成績", "Score of the theory test", "Resultado da prova teórica"), "10", GIVEN),
            below("D3", text("产线数字化改造成效", "產線數字化改造成效", "Effect on the production line", "Efeito na linha de produção"), "12"),
            below("D3", text("落地应用项目数", "落地應用項目數", "Projects in use", "Projetos em uso"), "8", COUNTED, "4"),
            below("D4", text("创新成果水平", "創新成果水平", "Standing of the innovations", "Nível das inovações"), "9"),
            below("D4", text("专利与软件著作权数", "專利與軟件著作權數", "Patents and software copyrights", "Patentes e direitos de software"), "6", COUNTED, "5"),
            below("D5", text("降本增效", "降本增效", "Costs saved and output gained", "Custos poupados e produção ganha"), "10"),
            below("E1", text("所带徒弟数", "所帶徒弟數", "Apprentices taught", "Aprendizes formados"), "6", COUNTED, "6"),
            below("E1", text("培训授课与示范", "培訓授課與示範", "Teaching and demonstration", "Ensino e demonstração"), "4"),
            below("E2", text("职业道德", "職業道德", "Professional ethics", "Ética profissional"), "10"),
        ],
    },
)  # fmt: skip
