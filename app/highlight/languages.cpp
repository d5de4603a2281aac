#include "app/highlight/language.h"

#include <QHash>

namespace ponder::app {

namespace {

QSet<QString> words(const char* list) {
    const QStringList all = QString::fromLatin1(list).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return {all.begin(), all.end()};
}

QStringList names(const char* list) { return QString::fromLatin1(list).split(QLatin1Char(' ')); }

Enclosed lineComment(const char* mark) { return {QLatin1String(mark), {}, true, false, false, false, false}; }
Enclosed comment(const char* open, const char* close, bool nests = false) {
    return {QLatin1String(open), QLatin1String(close), true, false, true, nests, false};
}
Enclosed text(const char* mark) {
    return {QLatin1String(mark), QLatin1String(mark), false, true, false, false, false};
}
Enclosed longText(const char* open, const char* close, bool escapes = true) {
    return {QLatin1String(open), QLatin1String(close), false, escapes, true, false, false};
}
Enclosed rawText(const char* mark) {
    return {QLatin1String(mark), QLatin1String(mark), false, false, false, false, false};
}

const QList<Enclosed> kCLike{lineComment("//"), comment("/*", "*/"), text("\""), text("'")};

constexpr auto kCWords = "auto break case char const continue default do double else enum extern float for "
                         "goto if inline int long register "
                         "restrict return short signed sizeof static struct switch typedef union unsigned "
                         "void volatile while bool true false "
                         "NULL size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t";
constexpr auto kScriptWords = "async await break case catch class const continue debugger default delete do "
                              "else export extends false finally for "
                              "from function get if import in instanceof let new null of return set static "
                              "super switch this throw true try typeof "
                              "undefined var void while with yield";

QList<CodeLanguage> table() {
    QList<CodeLanguage> all;
    const auto add = [&](const char* title, const char* named, QList<Enclosed> enclosed,
                         const char* keywords) -> CodeLanguage& {
        CodeLanguage language;
        language.title = QString::fromLatin1(title);
        language.names = names(named);
        language.enclosed = std::move(enclosed);
        language.keywords = words(keywords);
        all.append(language);
        return all.last();
    };

    add("C", "c h", kCLike, kCWords).hashCommands = true;
    CodeLanguage& cpp = add("C++", "cpp c++ cc cxx hpp hh cuda cu", kCLike, kCWords);
    cpp.hashCommands = true;
    cpp.enclosed.append(longText("R\"(", ")\"", false));
    cpp.keywords.unite(words("alignas alignof and catch class co_await co_return co_yield concept consteval "
                             "constexpr constinit decltype delete "
                             "dynamic_cast explicit export final friend import module mutable namespace new "
                             "noexcept not nullptr operator or "
                             "override private protected public reinterpret_cast requires static_assert "
                             "static_cast template this thread_local "
                             "throw try typeid typename using virtual wchar_t"));
    add("Python", "python py python3 pyi",
        {lineComment("#"), longText("\"\"\"", "\"\"\""), longText("'''", "'''"), text("\""), text("'")},
        "and as assert async await break class continue def del elif else except False finally for from "
        "global if import in "
        "is lambda match case None nonlocal not or pass raise return self True try while with yield")
        .atCommands = true;
    add("JavaScript", "javascript js jsx mjs node",
        {lineComment("//"), comment("/*", "*/"), text("\""), text("'"), longText("`", "`")}, kScriptWords)
        .wordCharacters = QStringLiteral("_$");
    CodeLanguage& typescript =
        add("TypeScript", "typescript ts tsx",
            {lineComment("//"), comment("/*", "*/"), text("\""), text("'"), longText("`", "`")}, kScriptWords);
    typescript.keywords.unite(
        words("abstract any as asserts boolean declare enum implements infer interface is keyof "
              "namespace never number private protected public readonly string type unknown"));
    typescript.wordCharacters = QStringLiteral("_$");
    add("JSON", "json jsonc json5 jsonl", {lineComment("//"), comment("/*", "*/"), text("\"")},
        "true false null")
        .keyEnd = QStringLiteral(":");
    add("HTML", "html htm xhtml vue svelte", {}, "").shape = Shape::Markup;
    add("XML", "xml svg xsl xsd plist rss", {}, "").shape = Shape::Markup;
    CodeLanguage& css =
        add("CSS", "css scss less sass", {comment("/*", "*/"), lineComment("//"), text("\""), text("'")},
            "important from to and not only");
    css.keyEnd = QStringLiteral(":");
    css.atCommands = true;
    css.wordCharacters = QStringLiteral("_-");
    add("Shell", "bash sh shell zsh console fish ksh",
        {lineComment("#"),
         longText("\"", "\""),
         {QStringLiteral("'"), QStringLiteral("'"), false, false, true, false, false}},
        "if then else elif fi for in do done while until case esac function return exit break continue local "
        "export readonly "
        "declare set unset shift source echo cd test eval exec trap");
    CodeLanguage& sql = add(
        "SQL", "sql sqlite postgres postgresql mysql plsql",
        {lineComment("--"), comment("/*", "*/"), rawText("'"), rawText("\"")},
        "select from where group by order having limit offset insert into values update set delete create "
        "table index view trigger drop alter add column primary key foreign references unique not null "
        "default check and or in is like between exists case when then else end join left right inner outer "
        "full cross on using as distinct union all except intersect with recursive over partition begin "
        "commit rollback transaction integer text real blob varchar int bigint boolean date timestamp true "
        "false asc desc pragma explain analyze returning");
    sql.ignoresCase = true;
    add("Rust", "rust rs",
        {lineComment("//"), comment("/*", "*/", true), longText("r#\"", "\"#", false), longText("\"", "\"")},
        "as async await box break const continue crate dyn else enum extern false fn for if impl in let loop "
        "match mod move "
        "mut pub ref return self Self static struct super trait true type union unsafe use where while i8 "
        "i16 i32 i64 i128 "
        "isize u8 u16 u32 u64 u128 usize f32 f64 bool char str String Vec Option Some None Result Ok Err");
    add("Go", "go golang",
        {lineComment("//"), comment("/*", "*/"), text("\""), text("'"), longText("`", "`", false)},
        "break case chan const continue default defer else fallthrough for func go goto if import interface "
        "map package range "
        "return select struct switch type var bool byte error false float32 float64 int int8 int16 int32 "
        "int64 iota nil rune "
        "string true uint uint8 uint16 uint32 uint64");
    add("Java", "java",
        {lineComment("//"), comment("/*", "*/"), longText("\"\"\"", "\"\"\""), text("\""), text("'")},
        "abstract assert boolean break byte case catch char class const continue default do double else enum "
        "extends false "
        "final finally float for goto if implements import instanceof int interface long native new null "
        "package permits "
        "private protected public record return sealed short static strictfp super switch synchronized this "
        "throw throws "
        "transient true try var void volatile while yield")
        .atCommands = true;
    add("Kotlin", "kotlin kt kts",
        {lineComment("//"), comment("/*", "*/", true), longText("\"\"\"", "\"\"\""), text("\""), text("'")},
        "abstract actual as break by catch class companion const constructor continue crossinline data do "
        "else enum expect "
        "external false final finally for fun if import in infix init inline inner interface internal is "
        "lateinit null object "
        "open operator out override package private protected public reified return sealed super suspend "
        "this throw true try "
        "typealias val value var vararg when where while")
        .atCommands = true;
    add("Swift", "swift",
        {lineComment("//"), comment("/*", "*/", true), longText("\"\"\"", "\"\"\""), text("\"")},
        "actor any as associatedtype async await break case catch class continue convenience default defer "
        "deinit do else enum "
        "extension fallthrough false fileprivate final for func guard if import in init inout internal is "
        "lazy let mutating nil "
        "open operator override private protocol public repeat required rethrows return self Self some "
        "static struct subscript "
        "super switch throw throws true try typealias var weak where while")
        .atCommands = true;
    CodeLanguage& csharp = add(
        "C#", "csharp cs c#",
        {lineComment("//"), comment("/*", "*/"), longText("@\"", "\"", false), text("\""), text("'")},
        "abstract as async await base bool break byte case catch char checked class const continue decimal "
        "default delegate do double else enum event explicit extern false finally fixed float for foreach "
        "get "
        "goto if implicit in init int interface internal is lock long namespace new null object operator out "
        "override params private protected public readonly record ref return sbyte sealed set short sizeof "
        "static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var "
        "virtual void volatile when where while yield");
    csharp.hashCommands = true;
    add("Ruby", "ruby rb",
        {lineComment("#"),
         {QStringLiteral("=begin"), QStringLiteral("=end"), true, false, true, false, true},
         text("\""),
         text("'")},
        "alias and begin break case class def defined? do else elsif end ensure false for if in module next "
        "nil not or redo "
        "rescue retry return self super then true undef unless until when while yield require attr_accessor "
        "attr_reader puts");
    CodeLanguage& php = add(
        "PHP", "php",
        {lineComment("//"), lineComment("#"), comment("/*", "*/"), longText("\"", "\""), longText("'", "'")},
        "abstract and array as break callable case catch class clone const continue declare default do echo "
        "else "
        "elseif empty enddeclare endfor endforeach endif endswitch endwhile enum extends false final finally "
        "fn for "
        "foreach function global goto if implements include instanceof insteadof interface isset list match "
        "namespace new null or print private protected public readonly require require_once return static "
        "switch "
        "this throw trait true try unset use var while yield");
    php.wordCharacters = QStringLiteral("_");
    add("Lua", "lua",
        {comment("--[[", "]]"), lineComment("--"), longText("[[", "]]", false), text("\""), text("'")},
        "and break do else elseif end false for function goto if in local nil not or repeat return then true "
        "until while");
    add("R", "r rlang", {lineComment("#"), longText("\"", "\""), longText("'", "'")},
        "if else repeat while function for next break in TRUE FALSE NULL Inf NaN NA library require return");
    add("Haskell", "haskell hs", {comment("{-", "-}", true), lineComment("--"), text("\"")},
        "case class data default deriving do else forall foreign if import in infix infixl infixr instance "
        "let module newtype "
        "of qualified then type where as hiding Int Integer Double Bool Char String Maybe Just Nothing "
        "Either Left Right IO "
        "True False");
    add("Julia", "julia jl",
        {comment("#=", "=#", true), lineComment("#"), longText("\"\"\"", "\"\"\""), text("\"")},
        "abstract baremodule begin break catch const continue do else elseif end export false finally for "
        "function global if "
        "import in let local macro module mutable nothing primitive quote return struct true try type using "
        "where while")
        .atCommands = true;
    CodeLanguage& matlab =
        add("MATLAB", "matlab octave m", {comment("%{", "%}"), lineComment("%"), rawText("\"")},
            "break case catch classdef continue else elseif end for function global if otherwise parfor "
            "persistent return spmd switch try while true false");
    matlab.names.removeAll(QStringLiteral("m"));
    CodeLanguage& yaml = add("YAML", "yaml yml", {lineComment("#"), text("\""), rawText("'")},
                             "true false null yes no on off");
    yaml.keyEnd = QStringLiteral(":");
    yaml.wordCharacters = QStringLiteral("_-.");
    CodeLanguage& toml = add("TOML", "toml ini cfg conf properties",
                             {lineComment("#"), lineComment(";"), longText("\"\"\"", "\"\"\""),
                              longText("'''", "'''"), text("\""), rawText("'")},
                             "true false");
    toml.keyEnd = QStringLiteral("=");
    toml.wordCharacters = QStringLiteral("_-.");
    add("Diff", "diff patch udiff", {}, "").shape = Shape::Diff;
    add("Markdown", "markdown md mdx", {}, "").shape = Shape::Markdown;
    CodeLanguage& glsl = add("GLSL", "glsl hlsl wgsl comp frag vert shader", kCLike, kCWords);
    glsl.hashCommands = true;
    glsl.keywords.unite(
        words("attribute uniform varying layout buffer shared in out inout precision highp mediump lowp vec2 "
              "vec3 vec4 ivec2 ivec3 ivec4 uvec2 uvec3 uvec4 mat2 mat3 mat4 sampler2D image2D uint discard "
              "coherent readonly writeonly fn let var f32 i32 u32"));
    CodeLanguage& cmake =
        add("CMake", "cmake", {comment("#[[", "]]"), lineComment("#"), longText("\"", "\"")},
            "if elseif else endif foreach endforeach while endwhile function endfunction macro "
            "endmacro set unset "
            "option project include find_package add_executable add_library add_subdirectory "
            "target_link_libraries "
            "target_include_directories target_compile_options install message return list "
            "string file and or not");
    cmake.ignoresCase = true;
    add("QML", "qml", {lineComment("//"), comment("/*", "*/"), text("\""), text("'"), longText("`", "`")},
        kScriptWords)
        .keywords.unite(
            words("import property alias signal required readonly default component pragma as enum int real "
                  "string bool color url var list on"));
    CodeLanguage& latex =
        add("LaTeX", "latex tex bibtex", {lineComment("%"), longText("$$", "$$"), text("$")}, "");
    latex.backslashCommands = true;
    CodeLanguage& make = add("Makefile", "makefile make mk", {lineComment("#"), text("\""), rawText("'")},
                             "ifeq ifneq ifdef ifndef else endif include define endef export override");
    make.keyEnd = QStringLiteral(":=");
    make.wordCharacters = QStringLiteral("_-.");
    CodeLanguage& docker =
        add("Dockerfile", "dockerfile docker containerfile", {lineComment("#"), text("\""), rawText("'")},
            "from run cmd label expose env add copy entrypoint volume user workdir arg onbuild stopsignal "
            "healthcheck shell as");
    docker.ignoresCase = true;
    add("PowerShell", "powershell ps1 pwsh", {comment("<#", "#>"), lineComment("#"), text("\""), rawText("'")},
        "begin break catch class continue data do else elseif end enum exit filter finally for foreach "
        "function if in param "
        "process return switch throw trap try until using while")
        .ignoresCase = true;
    add("Perl", "perl pl", {lineComment("#"), longText("\"", "\""), longText("'", "'")},
        "and cmp continue do else elsif eq for foreach ge gt if last le lt my ne next no not or our package "
        "print redo return "
        "say sub unless until use while xor");
    add("Scala", "scala sc",
        {lineComment("//"), comment("/*", "*/", true), longText("\"\"\"", "\"\"\""), text("\"")},
        "abstract case catch class def do else enum export extends extension false final finally for given "
        "if implicit import "
        "inline lazy match new null object override package private protected return sealed super then this "
        "throw trait true "
        "try type using val var while with yield");
    add("Dart", "dart",
        {lineComment("//"), comment("/*", "*/"), longText("'''", "'''"), longText("\"\"\"", "\"\"\""),
         text("\""), text("'")},
        "abstract as assert async await bool break case catch class const continue default do double dynamic "
        "else enum export "
        "extends extension factory false final finally for get if implements import in int is late library "
        "mixin new null on "
        "operator part required rethrow return set static String super switch this throw true try typedef "
        "var void while with "
        "yield");
    return all;
}

} // namespace

const QList<CodeLanguage>& languages() {
    static const QList<CodeLanguage> all = table();
    return all;
}

const CodeLanguage* findLanguage(const QString& name) {
    static const QHash<QString, const CodeLanguage*> byName = [] {
        QHash<QString, const CodeLanguage*> map;
        for (const CodeLanguage& language : languages())
            for (const QString& one : language.names) map.insert(one, &language);
        return map;
    }();
    return byName.value(name.trimmed().toLower());
}

QString languageTitle(const QString& name) {
    const CodeLanguage* language = findLanguage(name);
    return language ? language->title : name.trimmed();
}

QString languageSuffix(const QString& name) {
    static const QHash<QString, QString> suffixes{{"Python", "py"},
                                                  {"JavaScript", "js"},
                                                  {"TypeScript", "ts"},
                                                  {"Shell", "sh"},
                                                  {"Rust", "rs"},
                                                  {"Kotlin", "kt"},
                                                  {"C#", "cs"},
                                                  {"Ruby", "rb"},
                                                  {"Haskell", "hs"},
                                                  {"Julia", "jl"},
                                                  {"MATLAB", "m"},
                                                  {"Markdown", "md"},
                                                  {"LaTeX", "tex"},
                                                  {"Makefile", "mk"},
                                                  {"PowerShell", "ps1"},
                                                  {"Perl", "pl"},
                                                  {"Dockerfile", "dockerfile"}};
    const CodeLanguage* language = findLanguage(name);
    if (!language) return QStringLiteral("txt");
    return suffixes.value(language->title, language->names.front());
}

} // namespace ponder::app
