import QtQuick
import QtQuick.Controls

// What is wrong with the way a part of the window is laid out, in words: text that is cut, leaves the window or lies on other
// text, a button that leaves the window or lies on another. Empty: nothing.
QtObject {
    id: faults
    required property var window

    function findAll(root, wanted) {
        const found = [];
        const visit = node => {
            for (let i = 0; i < node.children.length; ++i) {
                const child = node.children[i];
                if (!child.visible || child.opacity === 0 || waits(child)) continue;
                if (wanted(child)) found.push(child);
                visit(child);
            }
        };
        visit(root);
        return found;
    }
    // Whether it is a row that a list keeps to use again; such are not drawn, and "visible" all the same.
    function waits(it): bool {
        const list = it.parent ? it.parent.parent : null;
        if (!list || list.contentItem !== it.parent || list.itemAtIndex === undefined || it.section !== undefined) return false;
        return list.itemAtIndex(it.index ?? list.indexAt(it.x + 1, it.y + 1)) !== it;
    }
    // What lies over the rest on purpose is looked at by itself.
    function layers(): var {
        const floats = it => ["toast", "jumpToLatest", "dropCover", "loadCardOver", "sidebarOver"].includes(it.objectName);
        const shown = it => it.visible && it.opacity > 0;
        const list = [{ root: window.contentItem, name: "page", apart: floats }];
        for (const it of findAll(window.contentItem, floats)) list.push({ root: it, name: it.objectName, apart: () => false });
        const overlay = window.Overlay.overlay;
        for (let i = 0; i < overlay.children.length; ++i)
            if (shown(overlay.children[i]) && overlay.children[i].children.length > 0)
                list.push({ root: overlay.children[i], name: "popup " + i, apart: () => false });
        return list;
    }
    function of(root, name, apart): string {
        if (!apart) apart = () => false;
        const inside = it => { for (let at = it; at && at !== root; at = at.parent) if (apart(at)) return false; return true; };
        const all = findAll(root, it => (isText(it) && it.text.length > 0 && it.width > 0) || isButton(it)).filter(inside);
        return ofTexts(all.filter(isText), name) || ofButtons(all.filter(isButton), name);
    }
    function ofWindow(): string {
        for (const layer of layers()) {
            const words = of(layer.root, layer.name, layer.apart);
            if (words !== "") return words;
        }
        return "";
    }
    // Texts that end in "…". Only titles in rows, and what repeats something, may.
    function truncated(root): var { return findAll(root, it => isText(it) && it.truncated && it.width > 0).map(it => it.text); }

    function isText(it): bool { return it.contentWidth !== undefined && it.truncated !== undefined && it.text !== undefined; }
    function isButton(it): bool { return it.down !== undefined && it.checkable !== undefined && it.display !== undefined; }
    function rectOf(it): var {
        const shift = it.horizontalAlignment === Text.AlignRight ? it.width - it.rightPadding - it.contentWidth : it.horizontalAlignment === Text.AlignHCenter ? (it.width - it.contentWidth) / 2 : it.leftPadding;
        const drop = it.verticalAlignment === Text.AlignVCenter ? (it.height - it.contentHeight) / 2 : it.topPadding;
        const at = it.mapToItem(null, shift, drop);
        return { x: at.x, y: at.y, w: Math.min(it.contentWidth, it.width), h: it.contentHeight, it: it };
    }
    function boxOf(it): var {
        const at = it.mapToItem(null, 0, 0);
        return { x: at.x, y: at.y, w: it.width, h: it.height, it: it };
    }
    // Whether what it scrolls in lets all of it through; across, too, for what scrolls sideways.
    function seen(rect): bool {
        for (let at = rect.it.parent; at; at = at.parent) {
            if (!at.clip) continue;
            const from = at.mapToItem(null, 0, 0);
            if (rect.y + rect.h > from.y + at.height + 1 || rect.y < from.y - 1) return false;
            if (at.contentWidth > at.width + 1 && (rect.x + rect.w > from.x + at.width + 1 || rect.x < from.x - 1)) return false;
        }
        return true;
    }
    function ofTexts(items, name): string {
        const texts = items.map(rectOf).filter(seen);
        for (const rect of texts) {
            const it = rect.it;
            const words = name + ": “" + it.text.slice(0, 40) + "” ";
            if (it.elide === Text.ElideNone && it.textFormat !== Text.RichText && it.contentWidth > it.width + 1.5) return words + "is wider than its place: " + it.contentWidth + " in " + it.width;
            if (it.contentHeight > it.height + 2.5 + it.font.pixelSize / 4) return words + "is higher than its place: " + it.contentHeight + " in " + it.height;
            if (rect.x < -1 || rect.x + rect.w > window.width + 1) return words + "leaves the window: " + rect.x + " + " + rect.w;
            if (rect.y < -1 || rect.y + rect.h > window.height + 1) return words + "leaves the window: " + rect.y + " down, " + rect.h + " high";
            if (it.truncated && it.width < it.font.pixelSize * 2.5) return words + "is cut to nothing: " + it.width;
        }
        return pairs(texts, name, 3, 5);
    }
    function ofButtons(items, name): string {
        const boxes = items.map(boxOf).filter(seen);
        for (const box of boxes)
            if (box.x < -1 || box.x + box.w > window.width + 1 || box.y < -1 || box.y + box.h > window.height + 1)
                return name + ": the button “" + box.it.text + "” leaves the window: " + box.x + ", " + box.y + ", " + box.w + " × " + box.h;
        for (const box of boxes)
            if (box.w < 14 || box.h < 14) return name + ": the button “" + box.it.text + "” has no room: " + box.w + " × " + box.h;
        return pairs(boxes.filter(box => box.w > 0 && box.h > 0), name, 2, 2);
    }
    function pairs(rects, name, wide, high): string {
        const within = (inner, outer) => { for (let at = inner; at; at = at.parent) if (at === outer) return true; return false; };
        for (let i = 0; i < rects.length; ++i)
            for (let j = i + 1; j < rects.length; ++j) {
                const a = rects[i], b = rects[j];
                const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
                const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
                if (across < wide || down < high || within(a.it, b.it) || within(b.it, a.it)) continue;
                return name + ": “" + a.it.text.slice(0, 30) + "” and “" + b.it.text.slice(0, 30) + "” overlap";
            }
        return "";
    }
}
