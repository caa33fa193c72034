import Core
import Testing

@testable import Values

struct HTMLTextTests {
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("<p>Called.</p><p>Wants a <b>demo</b>.</p>", "Called.\nWants a demo."),
    ("a<br>b<BR/>c<br />d", "a\nb\nc\nd"),
    ("a<br><br><br>b", "a\n\nb"), ("<p>a</p><p><br></p><p>b</p>", "a\n\nb"), ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    ("<div>a<div>b</div></div>c", "a\nb\nc"), ("x<script>if (a < b) { alert('</p>') }</script>y", "xy"),
    ("<style>p{}</style>z", "z"),
    ("a<!-- <b>hidden</b> -->b", "ab"), ("a <!-- never closed", "a <!-- never closed"), ("<script>never closed", "never closed"),
    ("a < b", "a < b"), ("1 <3 you", "1 <3 you"), ("a <b and no end", "a <b and no end"),
    ("<ada@example.com>", "<ada@example.com>"),
    ("<a href=\"x>y\">link</a>", "link"), ("<a title='it > is'>t</a>", "t"), ("<a title=\"open>text", "text"),
    ("a<!doctype html>b", "ab"),
    ("Fish &amp; chips &lt;now&gt;", "Fish & chips <now>"), ("&eacute;&Eacute;&szlig;&euro;&thetasym;&apos;", "éÉß€ϑ'"),
    ("&#233;&#xe9;&#X1F600;", "éé😀"),
    ("&bogus; &amp &#xZZ; &#; &;", "&bogus; &amp &#xZZ; &#; &;"), ("&#0;&#xD800;&#x110000;&#1;", "&#0;&#xD800;&#x110000;&#1;"),
    ("&#150;&#128;", "–€"),
    ("a&nbsp;&nbsp;b", "a b"), ("&amp;lt;", "&lt;"), ("  a \t b  ", "a b"),
    ("line one\n\n\n\nline two \r\n x", "line one\n\nline two\nx"),
    ("<p>soft\n   wrapped</p>", "soft wrapped"), ("<pre>one\n two</pre>", "one\ntwo"), ("<td>a</td><td>b</td>", "a b"),
    ("<tr><td>a</td></tr><tr><td>b</td></tr>", "a\nb"),
    ("<p>日本</p><p>👍</p>", "日本\n👍"), ("<p></p>", ""), ("<h1>T</h1>text<hr>more", "T\ntext\nmore"),
    ("<blockquote>q</blockquote>r", "q\nr"), ("</p>", ""),
    ("<x:y>t</x:y><my-tag>u</my-tag>", "tu"), ("<", "<"), ("<>", "<>"), ("</>", "</>"), ("a<!-->b", "ab"),
  ])
  func tagsVanishAndTextStays(html: String, expected: String) {
    let result = run(html) { HTMLText.strip($0, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == (html == expected))
  }

  @Test func hostileTextCostsNoMoreThanItsLength() {
    for piece in ["<a \"", "<a '\">", "<!--", "<script>", "<a ", "<script></script", "&#"] {
      let text = String(repeating: piece, count: 20_000)
      let result = run(text) { HTMLText.strip($0, into: &$1) }
      #expect(result.text.utf8.count <= text.utf8.count)
    }
  }

  @Test func allNamesOfHTML4AreKnown() {
    #expect(of("AElig") { HTMLEntities.standard.scalar(named: $0) } == "Æ")
    #expect(of("zwnj") { HTMLEntities.standard.scalar(named: $0) } == "\u{200C}")
    #expect(of("Nbsp") { HTMLEntities.standard.scalar(named: $0) } == nil)
    #expect(of("aelig") { HTMLEntities.standard.scalar(named: $0) } == "æ")
    #expect(HTMLEntities.standard.count == 253)
  }
}
