"""Titles, specialties and kinds of practices for the directory, by trade."""

EN = {
    "clinic": (
        ["MD", "MD", "DO", "NP", "PA-C", "DDS", "MD, PhD", "RN", "DPT"],
        """Family Medicine|Internal Medicine|Pediatrics|Cardiology|Dermatology|Orthopedics
|Psychiatry|Physical Therapy|Dentistry|Obstetrics & Gynecology|Neurology|Ophthalmology|Oncology""",
        "Medical Group|Family Practice|Clinic|Health Center|Pediatrics|Dental Care|Orthopedics",
    ),
    "law": (
        ["Esq.", "JD", "Partner", "Associate", "Of Counsel", "Attorney at Law"],
        "Family Law|Criminal Defense|Tax|Real Estate|Immigration|Patents|Labor Law|Estate Planning",
        "Law Offices|LLP|& Associates|Law Group|Legal, P.C.|Attorneys",
    ),
    "school": (
        ["M.Ed.", "Principal", "Teacher", "Counselor", "PhD", "Coach"],
        "Mathematics|English|History|Science|Music|Physical Education|Special Education|Spanish",
        "Elementary School|High School|Academy|Middle School|Charter School|Preparatory School",
    ),
}
ZH = {
    "clinic": (
        "主任医师 副主任医师 主治医师 住院医师 医师 教授 主管护师".split(),
        "内科|外科|儿科|妇产科|骨科|皮肤科|眼科|口腔科|中医科|神经内科|心血管内科|康复科|急诊科",
        "人民医院|中医院|第一医院|妇幼保健院|口腔诊所|社区卫生服务中心|康复医院|门诊部",
    ),
    "law": (
        "律师 合伙人 高级合伙人 实习律师 主任律师".split(),
        "婚姻家庭|刑事辩护|公司法|知识产权|劳动争议|房地产|税务|涉外业务",
        "律师事务所|律师事务所",
    ),
    "school": (
        "教师 高级教师 一级教师 班主任 校长 教导主任".split(),
        "语文|数学|英语|物理|化学|生物|历史|地理|音乐|体育|美术|政治",
        "第一中学|实验小学|外国语学校|中心小学|高级中学|职业技术学校",
    ),
}
