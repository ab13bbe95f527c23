"""Encodings of one byte a letter, told from each other by the letters of twenty customers' names."""

import pytest

from riskmodel.tables.encoding_guess import guess_encoding
from riskmodel.tables.encoding_letters import guess_by_letters, rank_by_letters

# Of each language the encodings it is written in, and names.
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
CASES = [(language, encoding, names) for (language, all_), names in NAMES.items() for encoding in all_.split()]


def as_file(names: str, how: str) -> str:
    rows = [f"{number},{name},0.5\n" for number, name in enumerate(names.split(";"))]
    text = "id,name,score\n" + "".join(rows)
    return text.upper() if how == "capitals" else text


@pytest.mark.parametrize("how", ["as written", "capitals", "ten times"])
@pytest.mark.parametrize(("language", "encoding", "names"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_twenty_names_tell_the_encoding(language: str, encoding: str, names: str, how: str) -> None:
    content = as_file(names, how).encode(encoding, "ignore") * (10 if how == "ten times" else 1)
    found = guess_encoding(content) or guess_by_letters(content) or "cp1252"
    assert content.decode(found) == content.decode(encoding)


@pytest.mark.parametrize(
    "text", ["€ 500\n£ 7\n", "°C;µm;m²;½\n", "1º;Mª\n", "5 ± 1;§ 4\n", "Ä\nÖ\n", "naïve\n", "„ja“;‚nein‘;–;…\n"]
)
@pytest.mark.parametrize("times", [1, 1000])
def test_signs_and_single_words_are_no_language(text: str, times: int) -> None:
    assert guess_by_letters(text.encode("cp1252") * times) is None


def test_ascii_has_no_likely_encoding() -> None:
    assert rank_by_letters(b"a,b\n1,2\n") == {}
    assert guess_by_letters(b"a,b\n1,2\n") is None


def test_what_the_letters_say_is_ranked() -> None:
    ranked = list(rank_by_letters("Łódź;Wiśniewski\nGrażyna;Wójcik\n".encode("cp1250")))
    assert ranked[0] == "cp1250"
    assert set(ranked[1:4]) >= {"iso8859_2"}
