"""Names, cities and statuses of customers in many languages, and the encodings of these languages."""

NAMES = {
    ("Russian", "cp1251 koi8_r cp866 iso8859_5"): (
        "Иванов Сергей;Петрова Анна;Сидоров Алексей;Кузнецова Мария;Смирнов Дмитрий;Попова Ольга;"
        "Васильев Андрей;Соколова Елена;Михайлов Игорь;Новикова Татьяна;Фёдоров Николай;Морозова Наталья;"
        "Волков Владимир;Алексеева Юлия;Лебедев Павел;Семёнова Ирина;Егоров Максим;Павлова Светлана;"
        "Козлов Артём;Степанова Екатерина"
    ),
    ("Ukrainian", "cp1251 koi8_u"): (
        "Шевченко Олександр;Коваленко Ірина;Бондаренко Сергій;Ткаченко Наталія;Кравченко Андрій;"
        "Олійник Оксана;Шевчук Володимир;Поліщук Тетяна;Бойко Микола;Мельник Юлія;Гончаренко Дмитро;"
        "Кузьменко Євгенія;Руденко Павло;Савченко Людмила;Петренко Іван;Марченко Світлана;Лисенко Богдан;"
        "Мороз Галина;Клименко Ярослав;Павленко Катерина"
    ),
    ("Hebrew", "cp1255 iso8859_8"): (
        "כהן יוסף;לוי שרה;מזרחי דוד;פרץ רחל;ביטון משה;דהן מרים;אברהם יעקב;פרידמן אסתר;אזולאי חיים;"
        "מלכה נועה;כץ אליהו;יוסף תמר;עמר שמעון;חדד רות;גבאי דניאל;בן דוד ליאת;אדרי עומר;לביא יעל;"
        "שפירא איתן;רוזנברג חנה"
    ),
    ("Arabic", "cp1256 iso8859_6"): (
        "محمد أحمد;فاطمة علي;عبد الله حسن;خديجة يوسف;إبراهيم خالد;عائشة محمود;عمر سالم;مريم عبد الرحمن;"
        "يوسف إسماعيل;زينب حسين;مصطفى كمال;نور الدين سعيد;سارة ناصر;طارق فؤاد;ليلى حمدان;سامي جابر;"
        "هدى راشد;كريم منصور;رنا شريف;بلال عثمان"
    ),
    ("Greek", "cp1253 iso8859_7"): (
        "Παπαδόπουλος Γεώργιος;Παπαδάκη Μαρία;Γεωργίου Δημήτρης;Νικολάου Ελένη;Ιωάννου Κωνσταντίνος;"
        "Δημητρίου Αικατερίνη;Αντωνίου Νικόλαος;Βασιλείου Βασιλική;Οικονόμου Παναγιώτης;"
        "Χριστοδούλου Σοφία;Αθανασίου Αθανάσιος;Κωνσταντίνου Αγγελική;Μακρής Χρήστος;"
        "Καραγιάννη Ευαγγελία;Αλεξίου Ανδρέας;Λάμπρου Φωτεινή;Ζαχαρίου Σπύρος;Πέτρου Άννα;Στεφάνου Έλλη;"
        "Ραπτη Όλγα"
    ),
    ("Turkish", "cp1254"): (
        "Yılmaz Ahmet;Kaya Ayşe;Demir Mehmet;Şahin Fatma;Çelik Mustafa;Yıldız Emine;Yıldırım Ali;"
        "Öztürk Hatice;Aydın Hüseyin;Özdemir Zeynep;Arslan İbrahim;Doğan Elif;Kılıç Osman;Aslan Meryem;"
        "Çetin Yusuf;Kara Şerife;Koç Ömer;Kurt Zehra;Özkan Gökhan;Şimşek Gülşen"
    ),
    ("Polish", "cp1250 iso8859_2 cp852"): (
        "Nowak Józef;Kowalska Małgorzata;Wiśniewski Piotr;Wójcik Agnieszka;Kowalczyk Michał;"
        "Kamińska Elżbieta;Lewandowski Paweł;Zielińska Bożena;Szymański Łukasz;Woźniak Grażyna;"
        "Dąbrowski Stanisław;Kozłowska Danuta;Jankowski Mirosław;Wróbel Świętosława;Król Zdzisław;"
        "Wieczorek Żaneta;Jabłoński Wiesław;Majewska Jadwiga;Olszewski Rafał;Stępień Ślązaczka"
    ),
    ("Czech", "cp1250 iso8859_2 cp852"): (
        "Novák Jiří;Svobodová Marie;Novotný Tomáš;Dvořáková Kateřina;Černý Lukáš;Procházková Věra;"
        "Kučera Ondřej;Veselá Lenka;Horák Václav;Němcová Zdeňka;Marek Matěj;Pospíšilová Jiřina;"
        "Hájek Miloš;Králová Růžena;Růžička Štěpán;Benešová Květa;Fiala Vojtěch;Sedláčková Eliška;"
        "Doležal Dušan;Šťastná Božena"
    ),
    ("Hungarian", "cp1250 iso8859_2"): (
        "Nagy László;Kovács Erzsébet;Tóth István;Szabó Mária;Horváth József;Varga Éva;Kiss Gábor;"
        "Molnár Zsófia;Németh Sándor;Farkas Ilona;Balogh Péter;Papp Katalin;Takács Zoltán;Juhász Ágnes;"
        "Mészáros Győző;Oláh Tünde;Simon Ödön;Rácz Györgyi;Fekete Jenő;Szűcs Anikó"
    ),
    ("Romanian", "cp1250 iso8859_2"): (
        "Popescu Ştefan;Ionescu Mihăiţă;Dumitru Cătălin;Stan Bogdan;Gheorghe Rădulescu;Matei Ioniţă;"
        "Ciobanu Sînziana;Rusu Vasilică;Munteanu Răzvan;Lazăr Ştefania;Florea Mădălina;Enache Codruţa;"
        "Barbu Făt;Niţă Oana;Pîrvu Costică;Bălan Ana;Dobre Ilie;Tănase Ioana;Stănescu Dan;"
        "Oprişan Liliana"
    ),
    ("Croatian", "cp1250 iso8859_2"): (
        "Horvat Željko;Kovačević Marija;Babić Ivan;Marić Đurđica;Jurić Šime;Novak Ana;Kovačić Krešimir;"
        "Knežević Nevenka;Vuković Živko;Marković Snježana;Petrović Dražen;Matić Jelena;Tomić Anđelko;"
        "Pavlović Višnja;Kovač Siniša;Božić Ružica;Blažević Tihomir;Grgić Ljiljana;Pavić Zvonimir;"
        "Radić Božica"
    ),
    ("Lithuanian", "cp1257 iso8859_13"): (
        "Kazlauskas Jonas;Jankauskienė Ona;Petrauskas Antanas;Stankevičius Vytautas;Paulauskienė Janina;"
        "Butkus Kęstutis;Žukauskas Algirdas;Balčiūnas Šarūnas;Kavaliauskienė Dalė;Urbonas Gediminas;"
        "Navickas Rūta;Ramanauskienė Aušra;Žilinskas Eglė;Savickas Mindaugas;Šimkus Ąžuolas;"
        "Černiauskas Tomas;Mažeika Inga;Vaitkevičius Laimutė;Adomaitis Mykolas;Daukša Živilė"
    ),
    ("Latvian", "cp1257"): (
        "Bērziņš Jānis;Kalniņa Anna;Ozoliņš Pēteris;Jansone Ilze;Krūmiņš Andris;Liepiņa Kristīne;"
        "Balodis Mārtiņš;Eglīte Inese;Zariņš Uldis;Vītola Līga;Pētersons Juris;Kļaviņa Dace;"
        "Siliņš Aivars;Āboliņa Zane;Kārkliņš Guntis;Ozola Baiba;Lapiņš Raivis;Šmite Sandra;"
        "Grīnbergs Edgars;Ķirse Vija"
    ),
    ("Estonian", "cp1257"): (
        "Tamm Jüri;Saar Külli;Sepp Õnne;Mägi Tõnu;Kask Ülle;Kukk Märt;Rebane Pärt;Ilves Sirje;Pärn Kärt;"
        "Koppel Jaan;Põder Mõnus;Lõhmus Väino;Kõiv Hõim;Jõgi Mare;Ööbik Leo;Lepik Ants;Raudsepp Rõõt;"
        "Kütt Ene;Pääsuke Anu;Õunapuu Tiit"
    ),
    ("German", "cp1252"): (
        "Müller Jürgen;Schäfer Käthe;Weiß Günther;Köhler Jörg;Schröder Ursula;Krüger Björn;"
        "Böhm Hannelore;Jäger Götz;Groß Bärbel;König Rüdiger;Lehmann Uwe;Böttcher Anja;Möller Ute;"
        "Vogel Max;Strauß Sören;Günter Lutz;Öztürk Kemal;Schön Ella;Götze Ina;Brüning Kai"
    ),
    ("French", "cp1252"): (
        "Hélène Lefèvre;François Müller;Zoé Côté;André Rémy;Noël Gérard;Agnès Bérénger;Benoît Lemaître;"
        "Chloé Dubé;Raphaël Hébert;Geneviève Pâris;Jérôme Maçon;Élodie Poirée;Cécile Besançon;"
        "Gaël Béchard;Irène Moïse;Rémi Crépin;Anaïs Forêt;Aurélie Château;Loïc Tréguier;Maïté Ségur"
    ),
    ("Spanish", "cp1252"): (
        "Núñez José;Peña María;Gutiérrez Ángel;Muñoz Inés;Jiménez Raúl;Hernández Sofía;López Íñigo;"
        "Ibáñez Lucía;Martínez Óscar;Pérez Belén;García Andrés;Sánchez Verónica;Domínguez Iván;"
        "Vázquez Asunción;Ramírez Tomás;Suárez Mónica;Castañeda Rubén;Ordóñez Begoña;Cortés Joaquín;"
        "Yáñez Úrsula"
    ),
    ("Portuguese", "cp1252"): (
        "João Conceição;Antônio Gonçalves;Inês Magalhães;Luís Simões;Conceição Araújo;Sebastião Brandão;"
        "Mário Guimarães;Cláudia Leitão;Sérgio Falcão;Lúcia Galvão;Íris Mourão;Zélia Pavão;Fábio Trovão;"
        "Mônica Salomão;Júlio Assunção;Ângela Brasão;Estêvão Luz;Patrícia Serrão;Flávio Aragão;"
        "Letícia Rincão"
    ),
    ("Swedish", "cp1252"): (
        "Åkesson Björn;Öberg Märta;Lindström Göran;Sjögren Åsa;Bergström Håkan;Söderberg Görel;"
        "Nyström Pär;Ström Gösta;Åberg Malmö;Höglund Lars;Löfgren Mårten;Wikström Kåre;Hägg Örjan;"
        "Mårtensson Ågot;Dahlström Stålhammar;Forsström Jörgen;Pålsson Ida;Hedström Väinö;Månsson Åke;"
        "Björk Ulla"
    ),
    ("Danish", "cp1252"): (
        "Sørensen Jørgen;Kjær Bodil;Nørgaard Søren;Østergaard Åse;Møller Pia;Sjøberg Ole;Bødker Lærke;"
        "Kjærgaard Børge;Grønbæk Kåre;Ågård Inge;Hæstrup Per;Høj Else;Bjørn Sæby;Brønd Æggert;Dør Ib;"
        "Mølgaard Gøte;Nygård Bo;Stæhr Lis;Thøgersen Ø;Vestergård Åge"
    ),
}
"""For each language its encodings, and names separated by semicolons."""

WORDS = {
    "Vietnamese": (
        "Nguyễn Trần Phạm Hoàng Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Hà_Nội Đà_Nẵng Cần_Thơ Huế Biên_Hòa "
        "Hải_Phòng Nha_Trang Buôn_Ma_Thuột Quy_Nhơn Vũng_Tàu độc_thân đã_kết_hôn ly_hôn đang_trả quá_hạn"
    ),
    "Japanese": (
        "東京 大阪 名古屋 札幌 福岡 京都 横浜 神戸 仙台 広島 佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 "
        "加藤 はい いいえ 会社員 自営業 未婚 既婚 男 女 正常 延滞 埼玉 千葉"
    ),
    "Japanese kana": "ｶﾌﾞｼｷ ﾀﾅｶ ｻﾄｳ ｽｽﾞｷ ﾄｳｷｮｳ ｵｵｻｶ ﾔﾏﾀﾞ ｲﾄｳ ﾜﾀﾅﾍﾞ ﾅｶﾑﾗ",
    "Japanese Kana": "タナカ サトウ スズキ トウキョウ オオサカ ヤマダ さくら みどり イトウ ナカムラ",
    "Chinese": (
        "北京 上海 广州 深圳 杭州 成都 武汉 南京 西安 重庆 王小明 李雷 韩梅梅 陈伟 张丽 刘洋 赵敏 孙强 已婚 "
        "未婚 离异 男 女 正常 逾期 违约 本科 大专 硕士 农民"
    ),
    "Chinese T": (
        "臺北 高雄 臺中 臺南 新竹 基隆 桃園 陳小明 林美麗 黃志強 張惠妹 李登輝 王建民 已婚 未婚 離婚 男 女 "
        "正常 逾期 違約 大學 高中 碩士 工程師"
    ),
    "Korean": (
        "서울 부산 대구 인천 광주 대전 울산 김철수 이영희 박민수 최지우 정현우 남자 여자 기혼 미혼 정상 연체 "
        "회사원 자영업 수원 제주 전주 창원 강남구"
    ),
    "Thai": (
        "กรุงเทพ เชียงใหม่ ภูเก็ต ขอนแก่น นครราชสีมา สมชาย สมหญิง วิชัย มาลี ประเสริฐ โสด สมรส หย่า ปกติ "
        "ค้างชำระ ชาย หญิง ระยอง ชลบุรี อุดรธานี"
    ),
    "Bulgarian": (
        "София Пловдив Варна Бургас Русе Стара_Загора Иванов Георгиев Димитров Петров Николов Стоянов "
        "Тодорова Илиева женен неженен разведен редовен просрочен мъж жена Плевен Сливен Добрич Шумен "
        "Перник"
    ),
    "Serbian": (
        "Београд Нови_Сад Ниш Крагујевац Суботица Јовановић Петровић Николић Марковић Ђорђевић Стојановић "
        "Илић Станковић Павловић Милошевић ожењен неожењен мушко женско Чачак Краљево Зрењанин Шабац"
    ),
    "Icelandic": (
        "Reykjavík Kópavogur Hafnarfjörður Akureyri Reykjanesbær Garðabær Mosfellsbær Selfoss Ísafjörður "
        "Þórður Sigríður Guðrún Björn Jóhann Ásta Ólafur Ægir Þorsteinn Hjördís Gunnþór"
    ),
    "Finnish": (
        "Jyväskylä Hämeenlinna Seinäjoki Mikkeli Pöytyä Mäkinen Hämäläinen Virtanen Väisänen Jääskeläinen "
        "Möttönen Särkkä Lehtimäki Nieminen Kärkkäinen naimisissa säännöllinen erääntynyt työtön "
        "eläkkeellä yrittäjä"
    ),
    "Italian": (
        "Forlì Cantù Niccolò città Nardò Agrigento perché più già Loré Salò Mondovì San_Donà Cefalù Patti "
        "libertà attività età Cirò"
    ),
    "Dutch": "café Brontë België Renée Loïs één coöperatie Oïrschot financiën Andrée reünie Zoë Daniël Hélène",
    "Slovak": (
        "Košice Žilina Prešov Nitra Trenčín Banská_Bystrica Horváth Kováč Varga Tóth Nagyová Baláž Molnár "
        "Lukáč Ďurica Ľubomír Štefan Čadca Šaľa Ružomberok ženatý slobodný riadny omeškaný"
    ),
    "Slovene": (
        "Ljubljana Škofja_Loka Črnomelj Žalec Krško Novak Zupančič Kovačič Žagar Jereb Šuštar Košir "
        "Hočevar Čeh moški ženska poročen Žiri Šentjur Čateš"
    ),
    "Catalan": (
        "Barcelona València Lleó Gràcia Núria Martí Peñíscola Àngels Òscar Joaquím Ramírez col·legi Besòs "
        "Sabadell Terrassa Mataró Reus Vic Tarragona Girona Lluís Mònica"
    ),
    "Maltese": "Ħamrun Żabbar Żurrieq Għaxaq Għargħur Mġarr Birżebbuġa Ċensu Ħal_Qormi Żejtun ġdid miżżewweġ",
    "Esperanto": "ĉambro ŝipo ĝardeno ĵurnalo ŭato ĥoro ĉevalo reĝo",
    "Irish": "Dún Éire Baile_Átha_Cliath Seán Órla Niamh Gráinne Pádraig Sláine Cúig Tomás Róisín Áine Éamon",
    "Kazakh": (
        "Алматы Қарағанды Шымкент Өскемен Ақтөбе Тараз Павлодар Қызылорда Атырау Көкшетау үйленген "
        "Нұрсұлтан Әсел Жанар Бауыржан Ғабит"
    ),
    "Romanian-comma": "București Iași Timișoara Constanța Brașov Galați Ploiești Târgu_Mureș Pitești Ștefan",
    "Farsi": "تهران مشهد اصفهان کرج شیراز تبریز قم اهواز رضا زهرا حسین محمد مجرد متاهل عادی معوق",
    "Mixed signs": "€uro naïve café £100 5° µm Straße",
    "Signs": "5°C 3½ ±4 §12 m² 10µm",
    "Euro": "€500 €12 €7",
    "Quotes": "“good” ‘bad’ it’s don’t O’Brien Ltd… A–B",
}
"""Words of other languages, separated by spaces; an underscore is a space in a word."""

ENCODINGS = {
    "Russian": "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic",
    "Ukrainian": "cp1251 koi8_u iso8859_5 mac_cyrillic cp866 cp1125",
    "Hebrew": "cp1255 iso8859_8 cp862",
    "Arabic": "cp1256 iso8859_6 cp720",
    "Greek": "cp1253 iso8859_7 cp737 cp869 mac_greek",
    "Turkish": "cp1254 iso8859_9 cp857 mac_turkish iso8859_3",
    "Polish": "cp1250 iso8859_2 cp852 mac_latin2 cp1257 iso8859_13 iso8859_16",
    "Czech": "cp1250 iso8859_2 cp852 mac_latin2",
    "Hungarian": "cp1250 iso8859_2 cp852 mac_latin2 iso8859_16",
    "Romanian": "cp1250 iso8859_2 cp852",
    "Croatian": "cp1250 iso8859_2 cp852 mac_latin2 mac_croatian iso8859_16",
    "Lithuanian": "cp1257 iso8859_13 cp775",
    "Latvian": "cp1257 iso8859_13 cp775 iso8859_4",
    "Estonian": "cp1257 iso8859_13 cp1252 iso8859_15",
    "German": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "French": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Spanish": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Portuguese": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858 cp860",
    "Swedish": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858 iso8859_10",
    "Danish": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858 cp865",
    "Vietnamese": "cp1258",
    "Japanese": "cp932 euc_jp iso2022_jp",
    "Japanese kana": "cp932 euc_jp",
    "Japanese Kana": "cp932 euc_jp",
    "Chinese": "gbk gb18030 gb2312",
    "Chinese T": "big5 cp950 big5hkscs",
    "Korean": "euc_kr cp949",
    "Thai": "cp874 tis_620 iso8859_11",
    "Bulgarian": "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic",
    "Serbian": "cp1251 iso8859_5 cp855 mac_cyrillic",
    "Icelandic": "cp1252 iso8859_1 mac_iceland cp861",
    "Finnish": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Italian": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Dutch": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Slovak": "cp1250 iso8859_2 cp852 mac_latin2",
    "Slovene": "cp1250 iso8859_2 cp852 mac_latin2 iso8859_16",
    "Catalan": "cp1252 iso8859_1 iso8859_15 cp850 cp437 mac_roman cp858",
    "Maltese": "iso8859_3",
    "Esperanto": "iso8859_3",
    "Irish": "cp1252 iso8859_14 mac_roman",
    "Kazakh": "ptcp154 kz1048",
    "Romanian-comma": "iso8859_16 mac_romanian",
    "Farsi": "cp1256",
    "Mixed signs": "cp1252 iso8859_15 mac_roman cp850",
    "Signs": "cp1252 iso8859_1 cp850 mac_roman",
    "Euro": "cp1252 iso8859_15 mac_roman cp858",
    "Quotes": "cp1252 mac_roman",
}
"""The possible encodings of a text of each language."""
