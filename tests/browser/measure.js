// What a page shows, measured: `measure.py` calls these. A box is a line of text, or a control or picture as a whole.
(() => {
  const MARGIN = 1;
  const SILENT = "script, style, template, noscript, title, desc, metadata, option, textarea, select";
  const WHOLE = "img, svg, canvas, video, iframe, input, select, textarea, button";
  const pen = document.createElement("canvas").getContext("2d");

  // A page may hold ten thousand texts: what is asked of the boxes around them is asked once.
  const once = (ask) => {
    const known = new Map();
    return (element) => {
      if (!known.has(element)) known.set(element, ask(element));
      return known.get(element);
    };
  };
  const above = once((element) => (element ? [element, ...above(element.parentElement)] : []));
  const edgeOf = once((element) => element.getBoundingClientRect());
  const styleOf = once((element) => {
    const { overflowX, overflowY, display, fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
    return { overflowX, overflowY, display, font: `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}` };
  });
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const clips = (style, axis) => !["visible", ""].includes(style[`overflow${axis}`]);
  const scrolls = (style, axis) =>
    ["auto", "scroll"].includes(style[`overflow${axis}`]) && !matchMedia("print").matches;

  // The usual way to have text for a screen reader only: a box of one pixel that hides what is in it.
  const hiddenOnPurpose = once((element) => {
    if (!element) return false;
    const style = styleOf(element);
    const tiny = element.offsetWidth <= 1 && element.offsetHeight <= 1 && clips(style, "X") && clips(style, "Y");
    return tiny || hiddenOnPurpose(element.parentElement);
  });

  // A font leaves room above and below its letters, more than lines may have between them: the letters are what counts.
  const letters = (rect, element, text) => {
    const matrix = element.getScreenCTM ? element.getScreenCTM() : null;
    if (matrix && (matrix.b || matrix.c)) return rect;
    pen.font = styleOf(element).font;
    const of = pen.measureText(text);
    const unit = rect.height / (of.fontBoundingBoxAscent + of.fontBoundingBoxDescent);
    const top = rect.top + unit * Math.max(0, of.fontBoundingBoxAscent - of.actualBoundingBoxAscent);
    const bottom = rect.bottom - unit * Math.max(0, of.fontBoundingBoxDescent - of.actualBoundingBoxDescent);
    return { left: rect.left, right: rect.right, top, bottom: Math.max(top, bottom) };
  };

  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.data.trim();
      if (!text || element.closest(SILENT) || !visible(element) || hiddenOnPurpose(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const rect of range.getClientRects())
        if (rect.width > 0 && rect.height > 0) found.push({ element, text, rect, ink: letters(rect, element, text) });
    }
    return found;
  };

  const wholes = () =>
    [...document.querySelectorAll(WHOLE)]
      .filter((one) => visible(one) && !hiddenOnPurpose(one) && !one.parentElement.closest("svg"))
      .map((element) => ({ element, text: element.localName, rect: element.getBoundingClientRect() }))
      .map((one) => ({ ...one, ink: one.rect, whole: true }));

  // The part of a box that no box around it hides.
  const shown = ({ element, ink }) => {
    let { left, right, top, bottom } = ink;
    for (const one of above(element.parentElement)) {
      const style = styleOf(one);
      const edge = edgeOf(one);
      if (one === document.documentElement || one === document.body) continue;
      if (clips(style, "X")) [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      if (clips(style, "Y")) [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return { left, right, top, bottom };
  };

  const told = ({ element, text, rect }) =>
    `<${element.localName}> ${JSON.stringify(text.slice(0, 60))} at ${Math.round(rect.left)},${Math.round(rect.top + scrollY)}` +
    ` ${Math.round(rect.width)}x${Math.round(rect.height)}`;

  const holds = (one, other) => one.whole && one.element.contains(other.element);

  const overlaps = () => {
    const boxes = [...texts(), ...wholes()].map((one) => ({ ...one, part: shown(one) }));
    boxes.sort((one, other) => one.part.top - other.part.top);
    const found = [];
    boxes.forEach((one, index) => {
      for (let next = index + 1; next < boxes.length; next++) {
        const other = boxes[next];
        if (other.part.top >= one.part.bottom - MARGIN) break;
        const wide = Math.min(one.part.right, other.part.right) - Math.max(one.part.left, other.part.left);
        const high = Math.min(one.part.bottom, other.part.bottom) - Math.max(one.part.top, other.part.top);
        if (wide <= MARGIN || high <= MARGIN) continue;
        if (holds(one, other) || holds(other, one)) continue;
        found.push(`${told(one)} and ${told(other)} share ${wide.toFixed(1)}x${high.toFixed(1)}`);
      }
    });
    return found;
  };

  const outside = (rect, edge, x = true, y = true) =>
    (x && (rect.left < edge.left - MARGIN || rect.right > edge.right + MARGIN)) ||
    (y && (rect.top < edge.top - MARGIN || rect.bottom > edge.bottom + MARGIN));

  const cutBy = (one) => {
    let [x, y] = [true, true]; // what can be scrolled to is not cut off, nor is what is outside of that
    for (const around of above(one.element)) {
      if (around === document.documentElement || around === document.body) break;
      const style = styleOf(around);
      if (scrolls(style, "X")) x = false;
      if (scrolls(style, "Y")) y = false;
      const [cutX, cutY] = [x && clips(style, "X"), y && clips(style, "Y")];
      if ((cutX || cutY) && outside(one.ink, edgeOf(around), cutX, cutY)) return around.localName;
    }
    const width = document.documentElement.clientWidth;
    const page = { left: 0, right: width, top: -scrollY, bottom: Infinity };
    return outside(one.rect, page, x, y) ? "page" : null;
  };

  const blockOf = (element) =>
    above(element).find((one) => !["inline", "contents"].includes(styleOf(one).display));

  const clipped = () => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth + MARGIN)
      found.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
    for (const one of texts()) {
      const around = cutBy(one);
      if (around) found.push(`${told(one)} is cut off by the ${around}`);
      const block = one.element.closest("svg") ? null : blockOf(one.element);
      const free = above(one.element).some((around) => scrolls(styleOf(around), "X"));
      if (block && !free && outside(one.rect, edgeOf(block), true, false))
        found.push(`${told(one)} is wider than its <${block.localName}>`);
    }
    for (const one of document.querySelectorAll("body *")) {
      if (!(one instanceof HTMLElement) || !one.textContent.trim() || !visible(one) || hiddenOnPurpose(one)) continue;
      const style = styleOf(one);
      const hides = (axis) => clips(style, axis) && !scrolls(style, axis);
      const wide = hides("X") && one.scrollWidth > one.clientWidth + MARGIN;
      const high = hides("Y") && one.scrollHeight > one.clientHeight + MARGIN;
      if (wide || high) found.push(`<${one.localName}> hides a part of ${JSON.stringify(one.textContent.trim().slice(0, 60))}`);
    }
    return found;
  };

  const VALUED = new Set(
    "action class for formaction href http-equiv id lang name role src srcset type xlink:href xmlns".split(" "),
  );
  const tree = () => {
    const lines = [];
    const visit = (node, depth) => {
      if (node.nodeType === Node.COMMENT_NODE) lines.push(`${" ".repeat(depth)}<!---->`);
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const attributes = [...node.attributes]
        .map(({ name, value }) => (VALUED.has(name) ? `${name}=${JSON.stringify(value)}` : name))
        .sort();
      lines.push(`${" ".repeat(depth)}${[node.nodeName, ...attributes].join(" ")}`);
      for (const child of node.childNodes) visit(child, depth + 1);
    };
    visit(document.documentElement, 0);
    return lines;
  };

  return { overlaps, clipped, tree };
})()
