/// Texts that RFC 8259 calls JSON.
///
/// Escapes here are Swift's; `#"…"#` holds JSON's own.
let acceptedTexts: [String] = [
  // Leaves at the root, white space around.
  "null", "true", "false", "0", "-0", "\"\"", "[]", "{}", " null ", "\t1\r\n", "\n[\n]\n", " { } ", "\"asd\"", "42",
  "-0.1",
  // Arrays.
  "[[]   ]", "[\"\"]", "[null, 1, \"1\", {}]", "[1\n]", " [1]", "[1,null,null,null,2]", "[2] ", "[[],[[]],[[],[]]]",
  "[false]", "[ 4]",
  // Numbers.
  "[0e+1]", "[0e1]", "[123e65]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]",
  "[123.456e78]", "[1e-2]", "[1e+2]", "[123.456789]", "[20e1]", "[0.0]", "[10]", "[1.5e-300]", "[-0e0]", "[-1.0]",
  "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
  "[9223372036854775807]", "[100000000000000000000000000]", "[0.1e1]", "[1e00]", "[1E0001]",
  // Objects.
  #"{"a":"b"}"#, #"{"asd":"sdf", "dfg":"fgh"}"#, #"{"":0}"#, #"{"a":[]}"#, #"{"a":{"a":{"a":{}}}}"#,
  #"{"foo\u0000bar": 42}"#, #"{ "min": -1.0e+28, "max": 1.0e+28 }"#, #"{"title":"\u041f\u043e\u043b"}"#,
  "{\n\"a\": \"b\"\n}", #"{"a":1,"A":2}"#, #"{"\u00e9":1,"e\u0301":2}"#,
  // Strings and escapes.
  #"["\u0060\u012a\u12AB"]"#, #"["\uD801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#, #"["\"\\\/\b\f\n\r\t"]"#,
  #"["\\u0000"]"#, #"["\""]"#, "[\"a/*b*/c/*d//e\"]", #"["\\a"]"#, #"["\\n"]"#, #"["\u0012"]"#, #"["\uFFFF"]"#,
  "[ \"asd\"]", #"["\uDBFF\uDFFF"]"#, #"["new\u00A0line"]"#, "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", #"["\u0000"]"#,
  #"["\u002c"]"#, "[\"π\"]", "[\"\u{1BFFF}\"]", "[\"asd \"]", "\" \"", #"["\uD834\uDd1e"]"#, #"["\u0821"]"#,
  #"["\u0123"]"#, "[\"\u{2028}\"]", "[\"\u{2029}\"]", #"["\u0061\u30af\u30EA\u30b9"]"#, "[\"new\u{00A0}line\"]",
  #"["\uA66D"]"#, #"["\u005C"]"#, "[\"⍂㈴⍂\"]", #"["\u200B"]"#, #"["\u2064"]"#, #"["\uFDD0"]"#, #"["\uFFFE"]"#,
  #"["\u0022"]"#, "[\"€𝄞\"]", "[\"a\u{7F}a\"]", "\"\u{FEFF}\"", "\"\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{10000}\"",
]

/// Texts that RFC 8259 does not call JSON, as text.
let refusedTexts: [String] = [
  // Nothing, or something else.
  "", " ", "\n", "<null>", "<.>", "[", "]", "{", "}", "{]", "[}", "*", "abc", "å", "\u{2060}", "[\u{2060}]", "\u{0C}",
  "[\u{0C}]", "\u{A0}1", "#!/bin/json\n1",
  // Literals.
  "[nul]", "[tru]", "[fals]", "nulll", "[True]", "[NULL]", "truefalse", "[nan]", "[NaN]", "[-NaN]", "[Infinity]",
  "[-Infinity]", "[inf]", "[undefined]", "null null",
  // Arrays.
  "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x", "[3[4]]",
  "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{0B}a\"\\f]", "[*]", "[\"\"",
  "[1,\n1\n,1", "[{}", "[1]x", "[][]", "[],", "[1}", "[1}]", "[\"asd]",
  // Numbers.
  "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]",
  "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]",
  "[2.e-3]", "[2.e3]", "[9.e+]", "[1+2]", "[0x1]", "[0x42]", "[0e+-1]", "[-foo]", "[- 1]", "[-012]", "[-.123]",
  "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "-", "--1", "1_000", "00",
  "[\u{FF11}]", "1e", "[1e1.5]",
  // Objects.
  "[\"x\", truth]", "{[: \"x\"}\n", #"{"x", null}"#, #"{"x"::"b"}"#, #"{"a":"a" 123}"#, "{key: 'value'}", #"{"a" b}"#,
  #"{:"b"}"#, #"{"a" "b"}"#, #"{"a":"#, #"{"a""#, "{1:1}", "{9999E9999:1}", "{null:null,null:null}",
  #"{"id":0,,,,,}"#, "{'a':0}", #"{"id":0,}"#, #"{"a":"b"}/**/"#, #"{"a":"b"}//"#, #"{"a":/*c*/1}"#,
  #"{"a":"b",,"c":1}"#,
  #"{a: "b"}"#, #"{"a":"a"#, #"{ "foo" : "bar", "a" }"#, #"{"a":"b"}#"#, "{,}", #"{"a":1 "b":2}"#, "{\"a\":}", "{{}}",
  #"{"a":1}}"#, #"{"a":1]"#, #"{"a":1"#, #"{,"a":1}"#,
  // Strings.
  "[\"\\", "[\"\\\"]", "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\🌀\"]", "[\"\\a\"]", "[\"\\uqqqq\"]",
  "[\"\\u00A\"]", "[\\u0020\"asd\"]", "[\\n]", "\"", "['single quote']", "abc\"", "[\"\\", "[\"a\u{0}a\"]",
  "[\"new\nline\"]", "[\"\t\"]", "\"\\UA66D\"", "\"x", "\"\\u", "\"\\u0", "\"\\u12", "\"\\u123", "\"\\u123\"",
  "[\"\\u 123\"]",
  "\"\u{1F}\"", "\"\\v\"", "\"\\0\"", "\"\\'\"", "\"a\"\"b\"", "\"\\u+123\"", "\"\\u-123\"", "“a”",
  // Structure.
  "[\u{0}]", "1\u{0}", "{\"a\":\u{0}1}", "[1] /* c */", "// c\n1", "2@", "{}}", "{\"\":", "{\"a\":/", "[\"a", "\u{0}",
  "[,", "[{", "[\"x", "{,", "{['", "{\"x\":[", "{\"\\", "[1],[2]", "<a>1</a>", "{\"a\":[1,{\"b\":}]}", "[true,fals",
]

/// Bytes that are no UTF-8, or UTF-8 where a choice was ours: all refused, each for its reason.
let refusedBytes: [(why: String, bytes: [UInt8])] = [
  ("byte order mark before a value", [0xEF, 0xBB, 0xBF, 0x31]),
  ("byte order mark alone", [0xEF, 0xBB, 0xBF]),
  ("half a byte order mark", [0xEF, 0xBB, 0x7B, 0x7D]),
  ("UTF-16 little endian with mark", [0xFF, 0xFE, 0x5B, 0, 0x5D, 0]),
  ("UTF-16 big endian with mark", [0xFE, 0xFF, 0, 0x5B, 0, 0x5D]),
  ("UTF-16 little endian", [0x5B, 0, 0x5D, 0]),
  ("UTF-16 big endian", [0, 0x5B, 0, 0x5D]),
  ("UTF-32 little endian", [0x31, 0, 0, 0]),
  ("lone continuation byte", quoted([0x81])),
  ("lone continuation byte after ASCII", quoted([0x61, 0xBF])),
  ("overlong slash in two bytes", quoted([0xC0, 0xAF])),
  ("overlong in two bytes, C1", quoted([0xC1, 0xBF])),
  ("overlong slash in three bytes", quoted([0xE0, 0x80, 0xAF])),
  ("overlong in three bytes, last", quoted([0xE0, 0x9F, 0xBF])),
  ("overlong NUL in four bytes", quoted([0xF0, 0x80, 0x80, 0x80])),
  ("overlong in four bytes, last", quoted([0xF0, 0x8F, 0xBF, 0xBF])),
  ("overlong in five bytes", quoted([0xF8, 0x80, 0x80, 0x80, 0x80])),
  ("overlong in six bytes", quoted([0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF])),
  ("high surrogate U+D800", quoted([0xED, 0xA0, 0x80])),
  ("low surrogate U+DFFF", quoted([0xED, 0xBF, 0xBF])),
  ("above U+10FFFF", quoted([0xF4, 0x90, 0x80, 0x80])),
  ("F5", quoted([0xF5, 0x80, 0x80, 0x80])),
  ("FE", quoted([0xFE])),
  ("FF", quoted([0xFF])),
  ("two bytes cut short", quoted([0xC3])),
  ("three bytes cut short", quoted([0xE2, 0x82])),
  ("four bytes cut short", quoted([0xF0, 0x9D, 0x84])),
  ("cut short by the end", [0x22, 0xF0, 0x9D]),
  ("cut short by ASCII", quoted([0xE2, 0x82, 0x41])),
  ("Latin-1", quoted([0xE9])),
  ("bad UTF-8 in a name", [0x7B] + quoted([0xFF]) + [0x3A, 0x31, 0x7D]),
  ("bad UTF-8 outside of strings", [0x5B, 0xFF, 0x5D]),
  ("bad UTF-8 in a number", [0x5B, 0x31, 0xE5, 0x5D]),
  ("bad UTF-8 in an escape", quoted([0x5C, 0xE5])),
  ("bad UTF-8 in a \\u escape", quoted([0x5C, 0x75, 0x31, 0x32, 0xE5])),
  // What JSONTestSuite leaves to the implementation (its "i_" files); strict is the decision for each.
  ("lone high surrogate escape", Array(#""\uD800""#.utf8)),
  ("lone low surrogate escape", Array(#""\uDC00""#.utf8)),
  ("high surrogate escape before text", Array(#""\uD800abc""#.utf8)),
  ("high surrogate escape before a plain escape", Array(#""\uD800\n""#.utf8)),
  ("high surrogate escape twice", Array(#""\uD800\uD800""#.utf8)),
  ("surrogate escapes in the wrong order", Array(#""\uDd1e\uD834""#.utf8)),
  ("half a second surrogate escape", Array(#""\uD834\uDd""#.utf8)),
  ("lone surrogate escape in a name", Array(#"{"\uDFAA":0}"#.utf8)),
  ("duplicate names", Array(#"{"a":1,"a":1}"#.utf8)),
]

func quoted(_ bytes: [UInt8]) -> [UInt8] {
  [0x22] + bytes + [0x22]
}
