"""Letters of languages by frequency, and the encodings that contain them.

The orders are those of common frequency lists, rarest last. The East Asian characters are those of common family and
city names, and of the words for sex, education, occupation and payment status.
"""

LETTERS: dict[str, tuple[str, ...]] = {
    "Cyrillic": (
        "оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё",
        "оанитверсікдлпмуязьбгчйхцїюжшєщфґ",
        "аоеитнрсвдлкпмзъбгуячшцжхйюфщь",
        "аоиенрстувдкјмлпзгбљчњшцћжхђфџѓќѕ",
        "аоеінртсўыякмдлпузьйбгчхжшюцщэфё",
        "аеыінтрлдсқкомбйуғшжпәзөгүңиұвяхюфцьэһчщ",
    ),
    "Greek": ("αοιετνσηυρπκμλςωγάίδόέχθήφώύβξζψϊϋΐΰ",),
    "Hebrew": ("יוהלארתבמשנכםדקעחפטגןזצסךףץ",),
    "Arabic": ("اليمنوتربعهفدسكقحةجشطصخأضذثزغىئإءظآؤپچگژ",),
    "Thai": ("านรกอเ่งมย้ลวัดทสิตะีปบคหแจพุชขู์ใไ็ืโผำถภซศณธึฉฟญษฮๆฐฝฤ",),
    "Turkish": ("ıüşöğçâîû",),
    "Central": ("łóżąęśćńź", "íáéěýčřžšůúťňďó", "áíéčýžľšúôťňďäóĺŕ", "áéöóőíüúű", "ăîâşţ", "čšžćđ", "üäöß"),
    "Romanian": ("ăîâșț", "łóżąęśćńź", "áéöóőíüúű", "čšžćđ"),
    "Baltic": ("ėšąįųžūčę", "āīēšūņļžčģķ", "äõüöšž", "łóżąęśćńź"),
    "Southern": ("ħżġċàèìòù", "ĉĝĥĵŝŭ", "ıüşöğçâî"),
    "Nordic": ("óáíéúžšđčŋäåö", "ðáíúþóéöýæ"),
    "Celtic": ("áíéúóŵŷâêîôûẁẃ",),
    "Icelandic": ("ðáíúþóéöýæ",),
    "Vietnamese": ("\u0301\u0300\u0323\u0309\u0303âêôơưđăáàéèóòúùíãõ",),
    "Western": (
        *("üäöß", "éèàêçùôâîûëïœ", "óáíéñúüªº", "ãçáéíóêõúâôàªº", "èàùòìé", "äåö", "øåæé", "ðáíúþóéöýæ", "àéòèíóçúïü·"),
        "éüöäáóíèñçßøåæãàúêëâôîïùûòìõœšžýÿ",  # names of many countries
    ),
}
"""Letters of the languages of each script, in descending frequency."""

SCRIPT_OF = {
    "cp1252": "Western",
    "latin-1": "Western",
    "cp1250": "Central",
    "iso8859_2": "Central",
    "cp1254": "Turkish",
    "iso8859_9": "Turkish",
    "cp1257": "Baltic",
    "iso8859_13": "Baltic",
    "cp1251": "Cyrillic",
    "koi8_r": "Cyrillic",
    "koi8_u": "Cyrillic",
    "cp866": "Cyrillic",
    "iso8859_5": "Cyrillic",
    "mac_cyrillic": "Cyrillic",
    "cp855": "Cyrillic",
    "cp1125": "Cyrillic",
    "kz1048": "Cyrillic",
    "ptcp154": "Cyrillic",
    "cp1253": "Greek",
    "iso8859_7": "Greek",
    "cp737": "Greek",
    "cp869": "Greek",
    "mac_greek": "Greek",
    "cp1255": "Hebrew",
    "iso8859_8": "Hebrew",
    "cp862": "Hebrew",
    "cp1256": "Arabic",
    "iso8859_6": "Arabic",
    "cp720": "Arabic",
    "cp874": "Thai",
    "iso8859_11": "Thai",
    "cp1258": "Vietnamese",
    "iso8859_15": "Western",
    "cp850": "Western",
    "cp858": "Western",
    "cp437": "Western",
    "mac_roman": "Western",
    "cp860": "Western",
    "cp865": "Western",
    "cp861": "Icelandic",
    "mac_iceland": "Icelandic",
    "cp852": "Central",
    "mac_latin2": "Central",
    "mac_croatian": "Central",
    "cp775": "Baltic",
    "cp857": "Turkish",
    "mac_turkish": "Turkish",
    "iso8859_16": "Romanian",
    "mac_romanian": "Romanian",
    "iso8859_3": "Southern",
    "iso8859_4": "Baltic",
    "iso8859_10": "Nordic",
    "iso8859_14": "Celtic",
}
"""The script of each single-byte encoding. Of encodings that decode a text identically, the first is chosen."""

RARE = frozenset(
    {"iso8859_3", "iso8859_4", "iso8859_10", "iso8859_14", "iso8859_16", "kz1048", "ptcp154"}
    | {"mac_romanian", "mac_turkish", "mac_croatian", "mac_iceland", "mac_greek"}
    | {"cp720", "cp737", "cp775", "cp855", "cp1125", "cp860", "cp861", "cp862", "cp865", "cp869"}
)
"""Rarely used encodings."""

_SIMPLIFIED = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明"
    "超霞平刚桂小红玉兰建国华志海晓梅北京上广州深圳杭成都汉南西安重庆天津无锡宁波青岛大连阳长春哈尔滨济合肥福厦门昆贵昌家庄太"
    "原省市区县朝男女是否已未婚离异丧偶本科专初中学硕士博逾期违约正工师农民教职员经理个体户客编号姓名城贷款收入年龄好坏优良差低"
    "关注次级可疑损失还清拖欠逾抵押担保信用房车东省山河湖江浙川云桥新"
)
_TRADITIONAL = (
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮許蔡曾彭蘇盧蔣葉余潘杜戴鍾汪田簡游邱廖賴江顏石詹莊呂洪施阿志明俊"
    "傑雅婷怡君淑芬美麗建宏家豪惠玲文雄小華國強玉秀英臺台北中南新竹基隆桃園嘉義彰化屏東花蓮宜蘭苗栗雲投縣市區鄉鎮大安信男女是"
    "否已未婚離異喪偶學碩博士專科職正常逾期違約工程師農民教員經理客戶編號姓名城貸款收入年齡香港九龍新界沙田無有好壞優良差低上下"
)
_JAPANESE = (
    "東京大阪名古屋札幌福岡都横浜神戸仙台広島佐藤鈴木高橋田中渡辺伊山本村小林加吉川々松井清水森池阿部石前原長谷後近斎坂青西三上"
    "金子竹内和也一郎太次美恵由紀真裕香明正幸健男女夫弘雄介千葉埼玉城県市区町北海道愛知静新潟宮熊鹿児奈良沖縄会社員自営業主婦学"
    "生未既婚年公務無職延滞完済有規派遣氏名住所顧客番号府岐阜滋賀兵庫根徳香媛崎分手秋形群馬茨栃梨富井野重歌取口遠野藤田尾崎"
)
_KOREAN = (
    "가각간강거건경고공과관광교구국군권규근금기김나남노농다단당대덕도동라란래로류리림마만명모목무문미민박배백병보복봉부북사산상서"
    "석선성세소속손송수순승시식신실심아안양어업여연영예오옥완용우울원월유윤은을의이인일임자장재전정제조종주준중지진차창천철청최춘"
    "충태택평포하학한해혁현형혜호홍화환황회효훈희니요혼체납번름객출생변직년법별납품"
)
COMMON_CHARACTERS = {
    "gb18030": frozenset(_SIMPLIFIED),
    "big5": frozenset(_TRADITIONAL),
    "cp932": frozenset(_JAPANESE),
    "euc_jp": frozenset(_JAPANESE),
    "cp949": frozenset(_KOREAN),
}
"""Characters of common names and statuses by East Asian encoding; all Kana are common, too."""
