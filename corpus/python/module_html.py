"""html, html.parser and html.entities."""
import html
from html.entities import codepoint2name, html5, name2codepoint
from html.parser import HTMLParser

print(html.escape("<a href='x'>\"&\"</a>"), html.escape("'\"", quote=False))
print(html.unescape("&lt;p&gt; &amp;amp; &copy; &#65; &#x41; &notit; &hellip &nosuch; &#0; &#x80; &#xD800; &CounterClockwiseContourIntegral;"))
print(len(html5), name2codepoint["eacute"], codepoint2name[8364])


class Shower(HTMLParser):
    def handle_starttag(self, tag, attrs):
        print("start", tag, attrs, self.getpos())

    def handle_endtag(self, tag):
        print("end", tag)

    def handle_startendtag(self, tag, attrs):
        print("both", tag, attrs)

    def handle_data(self, data):
        print("data", repr(data))

    def handle_comment(self, data):
        print("comment", repr(data))

    def handle_decl(self, decl):
        print("decl", repr(decl))

    def handle_pi(self, data):
        print("pi", repr(data))

    def handle_entityref(self, name):
        print("entity", name)

    def handle_charref(self, name):
        print("char", name)


page = """<!DOCTYPE html><html><body class="a b" id=x hidden data-x='1 > 0'>
<p>One &amp; two &#33;<br/><!-- a comment --><img src="a.png" alt=""/>
<script>if (a < b && c) { "</p>" }</script><a href="?x=1&amp;y=2">link</A ><?pi x?> 3 < 4 &unknown; tail</body></html>"""
Shower().feed(page)
parser = Shower(convert_charrefs=False)
for piece in ("<p>a &am", "p; b &#6", "5; c <", "b>bold</", "b> end"):
    parser.feed(piece)
parser.close()
