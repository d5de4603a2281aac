// KaTeX's tree of boxes as JSON that formula_layout.cpp reads: c classes, s style, k children, t text of a symbol,
// i its slant, v an SVG picture, h and d height and depth of the whole.
(function (source, display) {
    const options = {
        displayMode: display, output: "html", throwOnError: true, strict: "ignore", trust: false,
        maxSize: 60, maxExpand: 1000
    };
    const read = function (node) {
        const box = {};
        const classes = (node.classes || []).filter(function (name) { return name; });
        if (classes.length > 0) box.c = classes;
        if (node.style)
            for (const name in node.style) {
                if (!box.s) box.s = {};
                box.s[name] = node.style[name];
            }
        if (typeof node.text === "string") {
            box.t = node.text;
            if (node.italic) box.i = node.italic;
            return box;
        }
        if (node.attributes && node.toMarkup && (node.attributes.viewBox || node.attributes.width)) {
            const markup = node.toMarkup();
            if (markup.indexOf("<svg") === 0) {
                box.v = markup;
                return box;
            }
        }
        if (node.children && node.children.length > 0) box.k = node.children.map(read);
        return box;
    };
    const tree = katex.__renderToDomTree(source, options);
    const box = read(tree);
    box.h = tree.height;
    box.d = tree.depth;
    return JSON.stringify(box);
})
