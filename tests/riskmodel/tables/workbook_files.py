"""Workbooks that no available library writes: built by hand, or stored as bytes."""

import base64
import io
import struct
import zipfile
import zlib

# Written with xlwt: an empty sheet 'Notes', then 'Löhne' with a title, a header in row 3, a text, numbers, a date, a
# boolean, #N/A in C5 and the merged cells A6:B7.
_XLS = (
    "c-rk)O-NKx6#nk}8Aow+Gz~P6LCA8{Fj~|`r^IrTVs84OD9s0oF(cDJKZ~-=Wl*##+6V@<vD)-QCADi27_|t3V5Vr*DyV3o^E&6e"
    "_h_6n95BIn-{YQl@44rD_r7z_{dw>8Y(;wVer*PMXorrhU5r4EPEjiM3Sm&aZFAPU2PxS;))b0^G>`!kPeQMXcno>GGth9)ctH~Q"
    "Na-*}(UXW<kyS*8^r2sIAKH{bv8UlCr83k=zbZu@7r9R4U9o*Ca;Io6i)<s?v^s>@SWk3^8^;H<dZ{ZTsqj!Z??tl})p*HqeEy1Z"
    "Y)$M+4)>o}V-<BqDW*U}+GWM9B$vx^3njooLQ8jdOJ`>qRW#gF_-;plZ{ECq9`W_7t5+cX&xQJ;CG<fW#C-iV%>c$=A5$F669}Qv"
    ";2M)AZOS^yiX*0@*!yEBZp~qfOmjE&S)++$iei6wkV5D*QBMt7aUE!F-A;vpL~5vn7k*hN!V4CPkW8Oal7lFhe1%M+F!gip&eu2H"
    "1HG}Mq8XFT!NErEFKk?329eA1ww|aknnYfdr*4pZt;i~R4Z1h<R=b%!<6?73Y8$AXZGyM4O*#3^l%M#r?@`^vr&uH9r@Jy|tES(@"
    "CQ(mY+92`y8b`BgRyVFQ9>=`9au=HqB5VFwc-pl}Jm3s1JHN4VK2uBjOdd)b_1g1UPz$^7X1iyLa?Fd*K>mPhp~>4Vw9v$Yed3fn"
    "|2ZX%O1jI|7h&tdW?w#|9_qqwlI^79Dzlkq<neU!w&C{cb|#$-beLKYhHz=Ul{~i_Rm|p@rscJ23Y+B&`O$QlY#qpJYlf@?V$Bxk"
    "G%oS8dAvVU9k1^J@tZ^)7K=I`K79D_;lqcIze34z#W_S8@{QmeQ;XdHI`fpW{%?~17JW$2m7-6|-H6jYi8BSo&w7~3dzM-z$NOK%"
    "*iWq|F@gc<$4J5POP?7k_kEU446oc2DzyD<A^rTv?f(MF5)94"
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xls() -> bytes:
    """A workbook of Excel before 2007."""
    return zlib.decompress(base64.b85decode(_XLS))


def encrypted() -> bytes:
    """A container like Excel's password-protected workbooks; its content is irrelevant."""
    content = xls()
    name = "Workbook".encode("utf-16-le")
    at = content.index(name + bytes(48))
    entry = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 34)
    return content[:at] + entry + content[at + len(entry) :]


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """A zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(*sheets: str, cells: str = "<sheetData>{}</sheetData>") -> bytes:
    """A workbook whose sheets `Sheet1`, … hold this XML in their ``<sheetData>``."""
    ids = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="r{n}"/>' for n in ids)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in ids
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _root("xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{_RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(relations),
    }
    for n, content in zip(ids, sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {space}>{cells.format(content)}</worksheet>"
    return zipped(parts)


def xlsb(rows: list[list[str | float | bool | None]], errors: dict[tuple[int, int], int]) -> bytes:
    """A binary workbook with one sheet 'Binary'; errors by row and column."""
    content = _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + _record(145)
    for number, row in enumerate(rows):
        content += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(row):
            content += _binary_cell(column, value, errors.get((number, column)))
    sheet = struct.pack("<II", 0, 1) + _wide("r1") + _wide("Binary")
    relation = f'<Relationship Id="r1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _root("xl/workbook.bin"),
            "xl/workbook.bin": _record(131) + _record(143) + _record(156, sheet) + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": _relations(relation),
            "xl/worksheets/sheet1.bin": _record(129) + content + _record(146) + _record(130),
        }
    )


def ods(rows: str) -> bytes:
    """A spreadsheet of OpenDocument with one sheet 'Open' of these rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces} {calc}><office:body><office:spreadsheet>"
            f'<table:table table:name="Open">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def _root(target: str) -> str:
    return _relations(f'<Relationship Id="r" Type="{_RELATION}/officeDocument" Target="{target}"/>')


def _relations(content: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>'
    )


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    return head + (bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary_cell(column: int, value: str | float | bool | None, error: int | None) -> bytes:
    place = struct.pack("<II", column, 0)
    if error is not None:
        return _record(3, place + bytes([error]))
    if value is None:
        return _record(1, place)
    if isinstance(value, bool):
        return _record(4, place + bytes([value]))
    if isinstance(value, str):
        return _record(6, place + _wide(value))
    return _record(5, place + struct.pack("<d", value))
