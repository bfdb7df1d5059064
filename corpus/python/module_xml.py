"""xml.etree.ElementTree: reading, paths, changing and writing."""
import io
import xml.etree.ElementTree as ET

doc = """<?xml version="1.0"?>
<!-- a list -->
<shop xmlns:x="urn:x" name="A &amp; B">
  <item id="1" price="9.5">Tea<note>hot</note> tail</item>
  <item id="2"><![CDATA[<raw>]]></item>
  <x:item x:k="v"/>
  <group><item id="3">&#65;&lt;</item></group>
</shop>"""
root = ET.fromstring(doc)
print(root.tag, root.attrib, len(root), [child.tag for child in root], root[0].text, root[0][0].tail, root[1].text)
for path in ("item", ".//item", "item[@id='2']", "item[@price]", "item/note", "*", "group/..", ".//item[1]", "item[last()]", "{urn:x}item", "item[note='hot']", "none"):
    print(path, [(e.tag, e.get("id")) for e in root.findall(path)])
print(root.find("item").get("price"), root.findtext("item/note"), root.findtext("no", "default"), root.find("no"), root.find("x:item", {"x": "urn:x"}).attrib)
print([e.tag for e in root.iter()], [e.get("id") for e in root.iter("item")], "".join(root.itertext()).split())
print(ET.tostring(root, encoding="unicode"))
top = ET.Element("top", {"b": "2"}, a="1")
first = ET.SubElement(top, "first")
first.text = "<&>\"'"
first.tail = "\n"
first.set("q", "\"\n\t")
ET.SubElement(top, "{urn:y}second", {"{urn:z}k": "v"})
top.append(ET.Comment(" c "))
top.insert(0, ET.Element("zero"))
print(ET.tostring(top), ET.tostring(top, encoding="utf-8", xml_declaration=True), ET.tostring(top, "unicode", short_empty_elements=False))
top.remove(first)
del top[0]
print(len(top), top[0].tag, repr(top)[:15])
ET.indent(root)
print(ET.tostring(root, encoding="unicode"))
out = io.BytesIO()
ET.ElementTree(top).write(out, encoding="utf-8", xml_declaration=True)
print(out.getvalue(), ET.parse(io.StringIO("<a><b/></a>")).getroot().find("b") is not None)
ET.dump(ET.fromstring("<a>é</a>"))
for bad in ("", "<a>", "<a></b>", "<a/><b/>", "<a", "x", "<a b=c/>", "<a>&</a>", "<a>&x;</a>", "<a b='1' b='2'/>", "<a><b></a></b>", "<1/>", "<a>\n\n<b>\n</a>", "<p:a/>", "<a b='<'/>", "<a>]]></a>"):
    try:
        ET.fromstring(bad)
    except ET.ParseError as error:
        print(repr(bad), error, error.position, error.code)
for action in (lambda: root.find("/item"), lambda: root.append("x"), lambda: root.remove(ET.Element("q")), lambda: root[99]):
    try:
        action()
    except (SyntaxError, TypeError, ValueError, IndexError) as error:
        print(type(error).__name__, error)
