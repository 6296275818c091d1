"""What 0, 1, 2 and 3 mean for each judged aspect, from the scale's wording: below the standard,
meets it, meets it and in part exceeds it, excellent."""

from __future__ import annotations

from plugins import Text, text

WORKMANSHIP: tuple[Text, ...] = (
    text("未装配，或零件松动、错位，达不到行业标准", "未裝配，或零件鬆動、錯位，達不到行業標準", "Not assembled, or parts loose or misplaced: below the trade's standard", "Por montar, ou peças soltas ou trocadas: abaixo da norma da profissão"),
    text("零件齐全、紧固，达到行业标准", "零件齊全、緊固，達到行業標準", "Complete and tight: meets the standard", "Completa e apertada: cumpre a norma"),
    text("达到标准，且对中、扭矩标记或线管整理优于标准", "達到標準，且對中、扭矩標記或線管整理優於標準", "Meets it, and alignment, torque marks or hoses exceed it", "Cumpre, e o alinhamento, as marcas de aperto ou os tubos excedem a norma"),
    text("装配精细、动作顺畅，达到行业期待的优秀水平", "裝配精細、動作順暢，達到行業期待的優秀水平", "Precise and smooth: the excellence that the trade hopes for", "Precisa e suave: a excelência que a profissão espera"),
)  # fmt: skip

WIRING: tuple[Text, ...] = (
    text("未接线，或裸露、未压接、无标识，达不到行业标准", "未接線，或裸露、未壓接、無標識，達不到行業標準", "Not wired, or bare, uncrimped or unlabelled: below the trade's standard", "Sem ligações, ou fios nus, sem terminais ou etiquetas: abaixo da norma da profissão"),
    text("压接可靠、标识齐全，达到行业标准", "壓接可靠、標識齊全，達到行業標準", "Firmly crimped and labelled: meets the standard", "Terminais firmes e etiquetados: cumpre a norma"),
    text("达到标准，且走线或强弱电分离优于标准", "達到標準，且走線或強弱電分離優於標準", "Meets it, and routing or separation of circuits exceeds it", "Cumpre, e o traçado ou a separação dos circuitos excede a norma"),
    text("走线整齐美观、便于检修，达到行业期待的优秀水平", "走線整齊美觀、便於檢修，達到行業期待的優秀水平", "Neat throughout and easy to service: the excellence that the trade hopes for", "Tudo arrumado e fácil de manter: a excelência que a profissão espera"),
)  # fmt: skip

PROGRAM: tuple[Text, ...] = (
    text("未编程，或结构混乱、无注释，达不到行业标准", "未編程，或結構混亂、無註釋，達不到行業標準", "No program, or without structure or comments: below the trade's standard", "Sem programa, ou sem estrutura nem comentários: abaixo da norma da profissão"),
    text("结构清楚、命名规范，达到行业标准", "結構清楚、命名規範，達到行業標準", "Clear structure and names: meets the standard", "Estrutura e nomes claros: cumpre a norma"),
    text("达到标准，且有故障处理或参数化设计", "達到標準，且有故障處理或參數化設計", "Meets it, with fault handling or parameters", "Cumpre, com tratamento de avarias ou parâmetros"),
    text("模块化、易维护、故障可恢复，达到行业期待的优秀水平", "模組化、易維護、故障可恢復，達到行業期待的優秀水平", "Modular, maintainable and recovers from faults: the excellence that the trade hopes for", "Modular, fácil de manter e recupera de avarias: a excelência que a profissão espera"),
)  # fmt: skip
