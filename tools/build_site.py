"""Build the lesson as pages to read: `python tools/build_site.py` (`make site`).

Writes site/, which opens from the disk (site/index.html) and from any web server. It shows
the stored outputs of notebooks/ and runs nothing. The pages need no script, and no other
machine: formulas are MathML, figures are files.

Not by nbconvert: its pages fetch MathJax and require.js, its formulas need scripts, and
with a template, a Markdown renderer and anchors of ours in it nothing of it would be left
but a loop over cells. The notebooks hold text, figures and marks of widgets, no more; any
other output is an error here, so that nothing is left out in silence.
"""

import base64
import hashlib
import html
import os
import posixpath
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jinja2
import math_core
import mistune
import nbformat
from mistune.plugins.math import math
from mistune.plugins.table import table
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "tools" / "pages"
GLOSSARY = "notebooks/glossary.md"
# Where a front page leads besides the chapters: file, title, what is there.
MORE = [
    (GLOSSARY, "Glossary", "the terms, each with the chapter that explains it"),
    ("docs/TEACHING.md", "For teachers", "routes, how to hand out, questions that come"),
    ("benchmarks/RESULTS.md", "Measured figures", "speed and quality, beside others"),
    ("README.md", "About the lesson", "where it runs, licence, how to cite"),
]
LICENCES = ["LICENSE", "docs/LICENSE-TEXT"]
MARK = ".nojekyll"  # leave the pages as they are, says this file to GitHub Pages
COVER = ("notebooks/05_ask_the_vectors.ipynb", "Map of words")  # a figure's alt text begins
CHAPTER = re.compile(
    r"^\| (?P<number>\d\d) \| \[(?P<title>[^]]+)\]\((?P<file>[^)]+)\)"
    r" \| (?P<what>.+?) \| (?P<minutes>\d+) \|$",
    re.MULTILINE,
)
# Sections of the README that the front page has, by their ids there and here.
ABLE, CHAPTERS, START = "what-you-will-be-able-to-do", "the-chapters", "start"
SHOWN = (ABLE, CHAPTERS, START)
ROW = re.compile(r"<tr>\n<td[^>]*>(.*?)</td>", re.DOTALL)
WIDGET_ENDS = "; run this cell to use it."
LINE = 30  # characters that every window has room for
PROSE = 100  # characters; no table is that wide, a line of prose may be
# Attributes of raw HTML that lead somewhere, and pictures on other machines.
LEADS = re.compile(r'\b(?P<name>src|srcset|href)="(?P<address>[^"]*)"')
REMOTE_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="https?:[^>]*>', re.IGNORECASE)
ALT = re.compile(r'\balt="([^"]*)"')


class BuildError(Exception):
    """The site cannot be built; the text says which file to mend, and how."""


@dataclass
class Page:
    """A page of the site: where it is, and what its template fills in."""

    source: str  # path in the repository
    target: str  # path in the site
    title: str = ""
    about: str = ""
    body: str = ""
    headings: list = field(default_factory=list)  # (level, id, HTML)


class Site:
    """Files by their path in the site, and sources that pages link to."""

    def __init__(self, root):
        self.root = root
        self.files, self.needed = {}, []

    def need(self, source):
        """Give the place in the site of a file of the repository; it will be there."""
        if source not in self.needed:
            self.needed.append(source)
        return target_of(source)

    def figure(self, png):
        """Keep a figure once, however many pages show it; returns its place."""
        target = f"figures/{hashlib.sha256(png).hexdigest()[:16]}.png"
        self.files[target] = png
        return target


def target_of(source):
    """Give the place in the site of a file of the repository."""
    stem, suffix = posixpath.splitext(source)
    if source.startswith("notebooks/") and suffix in (".ipynb", ".md"):
        # Solutions are folded into their chapter.
        return f"{posixpath.basename(stem)}.html"
    if suffix == ".md":
        return f"{stem}.html"
    return source if suffix else f"{source}.txt"  # which any browser shows


# Markdown


class Writer(mistune.HTMLRenderer):
    """Markdown of one page to HTML; collects its headings and what it links to."""

    def __init__(self, site, page):
        super().__init__(escape=False)
        self.site, self.page = site, page
        self.above = []  # headings above this place: level as written, level as shown
        self.taken = set()
        self.write = mistune.Markdown(self, plugins=[table, math])

    def heading(self, text, level, **attrs):
        # One h1, and no level left out (the glossary goes from # to ###).
        while self.above[1:] and self.above[-1][0] >= level:
            self.above.pop()
        shown = self.above[-1][1] + 1 if self.above else 1
        self.above.append((level, shown))
        anchor = self.anchor(text)
        self.page.headings.append((shown, anchor, text))
        return f'<h{shown} id="{anchor}">{text}</h{shown}>\n'

    def anchor(self, text):
        """Make a heading's id as GitHub does, so that its links hold here, too."""
        plain = html.unescape(re.sub(r"<[^>]+>", "", text)).lower()
        wanted = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        anchor, count = wanted, 0
        while anchor in self.taken:
            count += 1
            anchor = f"{wanted}-{count}"
        self.taken.add(anchor)
        return anchor

    def address(self, address):
        """Lead to the site what leads to a file of the repository; None for a folder."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return address
        if not parts.path:  # the front page has some sections of the README only
            away = self.page.target == "index.html"
            return (
                f"README.html{address}" if away and parts.fragment not in SHOWN else address
            )
        folder = posixpath.dirname(self.page.source)
        source = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        path = self.site.root / source
        if source.startswith("..") or not path.exists():
            raise BuildError(
                f"{self.page.source} links to {address}, which is not there; mend the link"
            )
        if path.is_dir():
            return None
        target = relative(self.site.need(source), self.page.target)
        return f"{target}#{parts.fragment}" if parts.fragment else target

    def link(self, text, url, title=None):
        address = self.address(url)
        return super().link(text, address, title) if address else text

    def image(self, text, url, title=None):
        if urlsplit(url).scheme in ("http", "https"):
            return text  # a page asks no other machine
        if not text:
            raise BuildError(f"{self.page.source}: give the image {url} a text, ![here]")
        return super().image(text, self.address(url), title)

    def inline_html(self, html):
        return self.raw(html)

    def block_html(self, html):
        return self.raw(html) + "\n"

    def raw(self, text):
        """Let raw HTML through, its links led to the site."""

        def alt(image):
            found = ALT.search(image[0])
            return found[1] if found else ""

        def lead(attribute):
            address = self.address(html.unescape(attribute["address"])) or ""
            return f'{attribute["name"]}="{html.escape(address)}"'

        return LEADS.sub(lead, REMOTE_IMAGE.sub(alt, text))

    def block_code(self, code, info=None):
        return code_block(code.rstrip("\n"), (info or "text").split()[0])

    def table(self, text):
        if "<th " not in text:  # a row begins with its name then
            text = re.sub(r"<thead>.*?</thead>\n", "", text, flags=re.DOTALL)
            text = ROW.sub(r'<tr>\n<th scope="row">\1</th>', text)
        return f'<div class="table" {scrolls("Table")}><table>\n{text}</table></div>\n'

    def table_cell(self, text, align=None, head=False):
        align = f' class="{align}"' if align else ""
        # A header without text heads nothing.
        tag, scope = ("th", ' scope="col"') if head and text else ("td", "")
        return f"<{tag}{scope}{align}>{text}</{tag}>\n"

    def inline_math(self, text):
        return self.formula(text, display=False)

    def block_math(self, text):
        formula = self.formula(text, display=True)
        return f'<div class="formula" {scrolls("Formula")}>{formula}</div>\n'

    def formula(self, text, display):
        converter = math_core.LatexToMathML(fancy_error=False)
        try:
            return converter.convert_with_local_state(text.strip(), displaystyle=display)
        except math_core.LatexError as error:
            raise BuildError(f"{self.page.source}: formula {text}: {error}") from error


def relative(target, page):
    """Give the address of a file of the site as a page of it must write it."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def scrolls(label):
    """Give the attributes of what may be wider than the window: the keyboard scrolls it."""
    return f'role="group" aria-label="{label}" tabindex="0"'


def code_block(text, language):
    """Color code, by classes that the style sheet knows."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound as error:
        raise BuildError(f"nothing colors {language!r}; name another language") from error
    return preformatted(highlight(text, lexer, HtmlFormatter(nowrap=True)), "code", "Code")


def preformatted(content, kind, label):
    """Show lines as they are; what is never wider than the window is no stop for Tab."""
    content = content.rstrip("\n")
    lines = html.unescape(re.sub(r"<[^>]+>", "", content)).split("\n")
    wide = max(map(len, lines)) > LINE and kind != "prose"
    return (
        f'<pre class="{kind}" translate="no"{" " + scrolls(label) if wide else ""}>'
        f"\n{content}</pre>\n"  # the first line break does not count
    )


# Notebooks


def notebook_body(site, page, writer):
    """Write the cells of a notebook; a solution is folded below its exercise."""
    path = site.root / page.source
    solved = {}
    solutions = path.parent / "solutions" / path.name
    if solutions.exists():
        solved = {c.id: c for c in nbformat.read(solutions, as_version=4).cells}
    parts = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            parts.append(writer.write(cell.source))
        elif cell.cell_type == "code":
            parts.append(code_cell(cell, solved.get(cell.id), site, page))
    return "\n".join(parts)


def code_cell(cell, solution, site, page):
    """Write a code cell with its outputs, as an exercise if it has another solution."""
    body = cell_parts(cell, site, page)
    if solution is None or solution.source == cell.source:
        return f'<div class="cell">\n{body}</div>'
    return (
        f'<div class="cell exercise">\n<p class="label">Exercise</p>\n{body}'
        '<details class="solution"><summary>Solution</summary>\n'
        f"{cell_parts(solution, site, page)}</details>\n</div>"
    )


def cell_parts(cell, site, page):
    outputs = [output_html(output, site, page) for output in cell.outputs]
    return code_block(cell.source, "python") + "".join(outputs)


def output_html(output, site, page):
    """Write one output; raises BuildError for a kind that the site has no form for."""
    if output.output_type == "stream":
        return printed(output.text)
    data = output.get("data", {})
    if output.output_type in ("display_data", "execute_result"):
        if output.metadata.get("interactive"):
            return widget(data["text/plain"], page)
        if set(data) == {"text/plain"}:
            return printed(data["text/plain"])
        if set(data) == {"text/plain", "image/png"}:
            about = output.metadata.get("image/png", {})
            return figure(data["image/png"], about, site, page)
    kinds = ", ".join(data) or output.output_type
    raise BuildError(
        f"{page.source} has an output of {kinds}: give it a form in tools/build_site.py"
    )


def printed(text):
    long = max(map(len, text.split("\n"))) > PROSE
    return preformatted(html.escape(text), "prose" if long else "printed", "Output")


def widget(text, page):
    """Say what a reader who runs the notebook has here; the figure is above."""
    what = text.removesuffix(WIDGET_ENDS)
    what = html.escape(what[:1].lower() + what[1:])
    run = f"{relative('index.html', page.target)}#{START}"
    return (
        '<p class="widget">Here, in the running notebook, is an interactive figure: '
        f'{what}. <a href="{run}">How to run it</a></p>\n'
    )


def figure(png, about, site, page):
    """Write a figure, which `figures.show` gave its size and its text for the blind."""
    if not about.get("alt"):
        raise BuildError(
            f"{page.source}: a figure has no alt text; draw it by figures.show"
        )
    address = relative(site.figure(base64.b64decode(png)), page.target)
    size = "".join(f' {k}="{int(about[k])}"' for k in ("width", "height") if k in about)
    alt = html.escape(about["alt"])
    return f'<figure><img src="{address}" alt="{alt}"{size}></figure>\n'


# Pages


def make_page(site, source, about=""):
    """Read a Markdown file or a notebook as a page."""
    page = Page(source, target_of(source), about=about)
    writer = Writer(site, page)
    if source.endswith(".ipynb"):
        page.body = notebook_body(site, page, writer)
    else:
        page.body = writer.write((site.root / source).read_text(encoding="utf-8"))
    if not page.headings or page.headings[0][0] != 1:
        raise BuildError(f"{source} has no title; begin it with `# `")
    page.title = html.unescape(re.sub(r"<[^>]+>", "", page.headings[0][2]))
    return page


def read_chapters(readme, root):
    """Read the table of the chapters; raises BuildError if it is not that of the folder."""
    chapters = [match.groupdict() for match in CHAPTER.finditer(readme)]
    listed = sorted(chapter["file"] for chapter in chapters)
    there = sorted(f"notebooks/{path.name}" for path in root.glob("notebooks/*.ipynb"))
    if listed != there:
        differ = ", ".join(sorted(set(listed) ^ set(there))) or "a chapter listed twice"
        raise BuildError(f"the chapters of README.md are not those in notebooks/: {differ}")
    return chapters


def section(readme, anchor):
    """Give a section of the README without its heading."""
    for found in re.finditer(r"^## (.+)\n((?:(?!## ).*\n)*)", readme, re.MULTILINE):
        if found[1].lower().replace(" ", "-") == anchor:
            return found[2]
    raise BuildError(f"README.md has no section #{anchor}; name it in tools/build_site.py")


def front_page(site, readme, chapters):
    """Make index.html of the README's first words, its chapters and its way to begin."""
    page = Page("README.md", "index.html", about="An interactive lesson, to read.")
    writer = Writer(site, page)
    page.title, lead, rest = re.match(
        r"# (.+)\n\n(.+)\n((?:(?!## ).*\n)*)", readme
    ).groups()
    writer.above = [(1, 1), (2, 2)]  # the template has the headings above it
    note = re.sub(r"^\|.*\n", "", section(readme, CHAPTERS), flags=re.MULTILINE)
    parts = {
        "lead": writer.write(lead),
        "able": writer.write(section(readme, ABLE)),
        "note": writer.write(note),
        "start": writer.write(rest + section(readme, START)),
        "cover": cover(site),
        "more": [(site.need(path), name, what) for path, name, what in MORE],
        "chapters": [{**c, "target": site.need(c["file"])} for c in chapters],
    }
    return page, parts


def cover(site):
    """Give the figure of the front page, an <img>."""
    source, beginning = COVER
    page = Page("README.md", "index.html")
    for cell in nbformat.read(site.root / source, as_version=4).cells:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("image/png", {})
            if about.get("alt", "").startswith(beginning):
                return figure(output.data["image/png"], about, site, page)
    raise BuildError(
        f"no figure of {source} begins with {beginning!r}; choose another COVER"
    )


def neighbors(target, order):
    """Give the pages before and after this one, None where there is none."""
    targets = [page.target for page in order]
    if target not in targets:
        return None, None
    place = targets.index(target)
    return order[place - 1] if place else None, (order + [None])[place + 1]


def build(root=ROOT):
    """Make all files of the site; returns their contents by their path in it."""
    site = Site(root)
    readme = (root / "README.md").read_text(encoding="utf-8")
    chapters = read_chapters(readme, root)
    about = {c["file"]: f"In this chapter you {c['what']}." for c in chapters}
    index, parts = front_page(site, readme, chapters)
    order = [make_page(site, c["file"], about[c["file"]]) for c in chapters]
    order.append(make_page(site, GLOSSARY))
    pages = {page.source: page for page in order}
    for path in LICENCES:
        site.need(path)
    for source in site.needed:  # which grows while pages are made
        if source.startswith("notebooks/solutions/"):
            continue
        if source.endswith((".md", ".ipynb")):
            pages[source] = pages.get(source) or make_page(site, source)
        else:
            site.files[target_of(source)] = (root / source).read_bytes()
    fill_in(site, [index, *pages.values()], order, parts)
    return site.files


def fill_in(site, pages, order, parts):
    """Put each page into its template; the style sheet goes with them."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    name = pages[0].title
    for page in pages:
        before, after = neighbors(page.target, order)
        template = "index.html" if page is pages[0] else "page.html"
        values = {"page": page, "lesson": name, "before": before, "after": after, **parts}
        text = templates.get_template(template).render(
            **values, to=lambda target, page=page: relative(target, page.target)
        )
        site.files[page.target] = text.encode()
    site.files["style.css"] = (TEMPLATES / "style.css").read_bytes()
    site.files[MARK] = b""


def write(files, folder):
    """Replace the folder by these files, which are all there before the old ones go.

    Raises BuildError if it holds something else than a site.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise BuildError(f"{folder} holds files of yours; move them, the site goes there")
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for target, content in files.items():
            path = new / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        new.chmod(0o755)  # mkdtemp makes it private
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(new, folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def main(root=ROOT):
    """Build the site of a repository into its folder site; returns the exit status."""
    try:
        files = build(root)
        write(files, root / "site")
    except BuildError as error:
        print(f"No site was made: {error}", file=sys.stderr)
        return 1
    pages = sum(target.endswith(".html") for target in files)
    size = sum(map(len, files.values())) / 1e6
    print(f"site/: {pages} pages, {size:.1f} MB. Open site/index.html in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
