"""East Asian and Cyrillic encodings distinguished from each other and from Western ones."""

import pytest

from riskmodel.tables.reading.encodings.guess import guess_encoding

TEXTS = {
    "gb18030": "客户编号,姓名,城市,逾期\n1,王小明,北京市朝阳区,是\n2,李雷,上海,否\n3,韩梅梅,广州市,否\n",
    "big5": "客戶編號,姓名,城市,逾期\n1,王小明,台北市大安區,是\n2,李雷,高雄,否\n3,韓梅梅,台中市,否\n",
    "cp932": "顧客番号,氏名,都市,延滞\n1,山田太郎,東京都,はい\n2,鈴木一郎,大阪,いいえ\n",
    "cp949": "고객번호,이름,도시,연체\n1,김철수,서울,예\n2,이영희,부산,아니오\n",
    "euc_jp": "顧客番号,氏名,都市,延滞\n1,山田太郎,東京都,はい\n2,鈴木一郎,大阪,いいえ\n",
    "cp1251": "Клиент,Город,Просрочка\n1,Иван Петров,Москва,да\n2,Анна,Казань,нет\n",
}
WESTERN = [
    "Kunde,Straße,Ort,Betrag\n1,Müllerstraße,München,€ 5\n2,Königsallee,Düsseldorf,€ 7\n",
    "name,ciudad\n1,José Núñez\n2,Peña\n",
    "é;è;à;ù\n",
    "ÄÖÜ;ÄÖÜß\n",
    "€ 500\n€ 700\n",
    "São Paulo;Conceição;ção\n",
    "Ångström;Ørsted;Åse\n",
    "°C;µ;½\n",
]


@pytest.mark.parametrize("times", [1, 20])
@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_are_distinguished_from_each_other(encoding: str, times: int) -> None:
    assert guess_encoding((TEXTS[encoding] * times).encode(encoding)) == encoding


@pytest.mark.parametrize("times", [1, 30, 300])
@pytest.mark.parametrize("text", WESTERN)
def test_western_text_has_no_guess(text: str, times: int) -> None:
    assert guess_encoding((text * times).encode("cp1252")) is None


def test_little_text_is_not_guessed() -> None:
    assert guess_encoding("是\n".encode("gb18030")) is None
    assert guess_encoding(b"") is None
