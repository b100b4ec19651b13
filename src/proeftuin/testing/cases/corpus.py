"""Texts that some database, driver or encoding would change, cut, mix up or fail on."""

LIKE_EACH_OTHER = (
    "abc", "ABC", "aBc", "abc ", " abc", "abc\n", "abc\t", "\u00e1bc", "a\u0301bc", "\u00e0bc", "\uff41\uff42\uff43",
    "\u0251bc", "\u0430bc", "abc\u200b", "\u200babc", "abc\u00a0", "abc\u00ad", "a\u200dbc", "stra\u00dfe",
    "strasse", "STRASSE", "\ufb01n", "fin", "i", "I", "\u0131", "\u0130", "\u017f", "s", "\u212a", "K", "k",
    "\u00e6", "ae", "\u0153", "oe", "\u00c5", "\u212b", "A\u030a", "1", "01", "1.0", "1.10", "1.1", "+1", "-0", "0",
    "1e3", "1000", "\u0661", "\u00bd", "\u00b2", "2", "\u2160",
)  # fmt: skip

HOSTILE = (
    " ", "  ", "\t", "\n", "\r", "\r\n", "a\r\nb", "a\nb", "a\rb", " a ", "\u2028", "\u2029", "\x0b", "\x0c", "\x7f",
    "\x1b[31m", "'", '"', "''", "\\", "\\'", "`", "'--", "' OR '1'='1", "'; DROP TABLE pilots; --",
    '"; SELECT 1; --', "a'b\"c`d", "%", "_", "%%", "%s", "%(name)s", "{}", "{0}", "{name}", ":name", "?", "$1",
    "@name", "\\0", "\\n", "\\u0000", "null", "NULL", "None", "nil", "undefined", "true", "False", "NaN", "Infinity",
    "select", "table", "order", "<script>alert(1)</script>", "<b>", "&amp;", "&", "]]>", "<!--", "{{7*7}}", "${7*7}",
    "#{7*7}", "=1+1", "@SUM(1)", "../../etc/passwd", "/dev/null", "C:\\con", "file:///x",
    "http://example.com/?a=b&c=d#e", "a/b", "a,b", "[1,2]", '{"a":1}', '["a"]', '","', "a;b", "a|b", "#", "*", "~",
    "!", "\u00a3\u20ac\u00a5", "\u2014", "\u2026", "\u202eabc\u202c", "\u2066abc\u2069", "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627", "\u4e2d\u6587", "\u65e5\u672c", "\ud55c\uae00", "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1f3\U0001f1f1", "\U0001d49c", "\U0010ffff", "\uffff",
    "\ufffd", "\ufeff", "\ufeffabc", "z\u0351\u036b\u0343\u036a\u0302\u036b", "e\u0301", "\u00e9", "\u1e9b\u0323",
    "\ue000", "\x01", "\x1f", "\x80", "\u0085",
)  # fmt: skip

TEXTS = tuple(dict.fromkeys((*LIKE_EACH_OTHER, *HOSTILE)))

IMPOSSIBLE = ("", "\0", "nul\0inside", "half \ud800", "\udfff half")
"""What no store takes as a name: nothing, a NUL, half a surrogate pair."""
