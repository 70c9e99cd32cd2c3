"""Build the lesson as pages to read: `python tools/build_site.py` (`make site`).

The pages go to site/ and open from the disk (site/index.html) or from any web server. They
show the stored outputs of notebooks/, and nothing is run. They load nothing from other machines,
because formulas are MathML, figures are files, and live figures have script and data in the
page. Without scripts, one sees what is stored in their place.

We tried nbconvert: its template and overrides are longer than our functions for cells.
"""

import base64
import copy
import hashlib
import html
import itertools
import os
import posixpath
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import jinja2
import math_core
import mistune
import nbformat
from bs4 import BeautifulSoup
from live.pages import SHOWS, data_of, policy, script_of, style_sheet, take_places
from live.places import FRONT, PLACES
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "tools" / "pages"

# The files that the pages are made from, by their paths in the repository.
NOTEBOOKS = "notebooks"
GLOSSARY = f"{NOTEBOOKS}/glossary.md"
README = "README.md"
TEACHING = "docs/TEACHING.md"
RESULTS = "benchmarks/RESULTS.md"
CODE_LICENSE, TEXT_LICENSE = "LICENSE", "docs/LICENSE-TEXT"
# The front page repeats these sections of the README, under the same ids.
ABLE, CHAPTERS, START = "what-you-will-be-able-to-do", "the-chapters", "start"
COVER = "Map of words"  # the front page shows the first figure whose alt text begins so

FRONT_PAGE = "index.html"
STYLE = "style.css"
SITE_MARK = ".nojekyll"  # tells GitHub Pages to leave the files as they are
WIDGET_ENDS = "; run this cell to use it."
MAX_CODE_WIDTH = 30  # characters; they fit into the narrowest window
MAX_PRINTED_WIDTH = 100  # characters; a longer line is prose, which is wrapped
# Classes of parts that may be wider than the window, with their names for screen readers.
SCROLLING = {"table": "Table", "formula": "Formula", "code": "Code", "printed": "Output"}


class BuildError(Exception):
    """The site can't be built; the text names the file and says how to correct it."""


@dataclass
class Page:
    """Hold the text of a page as HTML, without the frame that all pages share."""

    target: str  # file in the site
    soup: BeautifulSoup
    about: str = ""  # for search engines
    live: list = field(default_factory=list)  # its live figures


class Site:
    """Collect the pages and the other files of the site.

    Parameters
    ----------
    root : Path
        Folder of the repository.
    live : dict
        Live figures by their places, as in live.places.
    """

    def __init__(self, root, live):
        self.root, self.live = root, live
        self.looks = {}  # CSS classes by the declarations that they stand for
        self.files = {}  # contents by path in the site
        self.pages = {}  # pages by path in the repository
        self.needed = []  # paths in the repository that pages link to

    def need(self, source):
        """Put a file of the repository on the list, and return its path in the site."""
        source = source.replace("/solutions/", "/")  # they are folded into their chapters
        if source not in self.needed:
            self.needed.append(source)
        return target_of(source)

    def add_needed(self):
        """Add all files on the list, which grows as pages link to more files."""
        for source in self.needed:
            if source.endswith((".md", ".ipynb")):
                self.page(source)
            else:
                self.files[target_of(source)] = (self.root / source).read_bytes()

    def page(self, source):
        """Return the page of a Markdown file or notebook; make it at the first request."""
        if source not in self.pages:
            target = target_of(source)
            if target in (FRONT_PAGE, *(page.target for page in self.pages.values())):
                raise BuildError(f"{source}: {target} exists already; rename one source")
            try:
                live = self.live_on(PurePosixPath(source).stem)
                text = page_text(self, source, live)
                self.pages[source] = Page(target, text, live=list(live.values()))
            except (BuildError, ClassNotFound, LookupError) as error:
                raise BuildError(f"{source}: {error}") from error
        return self.pages[source]

    def live_on(self, page):
        """Return the live figures of a page, by what is in their place without scripts."""
        return {shows: figure for (on, shows), figure in self.live.items() if on == page}

    def look(self, declarations):
        """Return a CSS class for a `style`, because pages allow no style but the sheet's."""
        return self.looks.setdefault(declarations, f"look-{len(self.looks)}")


def target_of(source):
    """Return the path in the site of a file of the repository.

    All pages are at the top of the site, so they all find their files in the same way.
    """
    path = PurePosixPath(source)
    if path.suffix in (".ipynb", ".md"):
        return f"{path.stem}.html"
    return source if path.suffix else f"{source}.txt"  # every browser shows .txt files


# Markdown and notebooks become HTML.


class Renderer(mistune.HTMLRenderer):
    """Turn Markdown into HTML with formulas as MathML and colored code."""

    def block_code(self, code, info=None):
        return code_block(code.rstrip("\n"), (info or "text").split()[0])

    def inline_math(self, text):
        return formula(text, display=False)

    def block_math(self, text):
        return f'<div class="formula">{formula(text, display=True)}</div>\n'


MARKDOWN = mistune.create_markdown(
    renderer=Renderer(escape=False), plugins=["table", "math"]
)


def formula(text, display):
    """Turn a formula from LaTeX into MathML."""
    converter = math_core.LatexToMathML(fancy_error=False)
    try:
        return converter.convert_with_local_state(text.strip(), displaystyle=display)
    except math_core.LatexError as error:
        raise BuildError(f"the formula {text} is not valid: {error}") from error


def code_block(text, language):
    """Color code by classes that the style sheet knows."""
    lexer = get_lexer_by_name(language, stripnl=False)
    return preformatted(highlight(text, lexer, HtmlFormatter(nowrap=True)), "code")


def preformatted(content, kind):
    """Show lines without changes. A browser ignores the line break after `<pre>`."""
    content = content.rstrip("\n")
    return f'<pre class="{kind}" translate="no">\n{content}</pre>\n'


def notebook_html(site, source):
    """Show the cells of a notebook, each exercise with its solution folded below it."""
    path = site.root / source
    solutions = path.parent / "solutions" / path.name
    solved = {cell.id: cell for cell in cells_of(solutions)} if solutions.exists() else {}
    parts = []
    for cell in cells_of(path):
        if cell.cell_type == "markdown":
            parts.append(MARKDOWN(cell.source))
        elif cell.cell_type == "code":
            parts.append(code_cell(cell, solved.get(cell.id, cell), site))
    return "\n".join(parts)


def cells_of(path):
    """Read the cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


def code_cell(cell, solution, site):
    """Show a code cell; it is an exercise if the solution has other code."""
    if solution.source == cell.source:
        return f'<div class="cell">\n{code_and_outputs(cell, site)}</div>'
    return (
        '<div class="cell exercise">\n<p class="label">Exercise</p>\n'
        f"{code_and_outputs(cell, site)}"
        '<details class="solution"><summary>Solution</summary>\n'
        f"{code_and_outputs(solution, site)}</details>\n</div>"
    )


def code_and_outputs(cell, site):
    """Show the code of a cell and what it printed and drew."""
    outputs = [output_html(output, site) for output in cell.outputs]
    return code_block(cell.source, "python") + "".join(outputs)


def output_html(output, site):
    """Show one output; an unknown kind is an error, so that nothing is left out."""
    if output.output_type == "stream":
        return printed(output.text)
    data, metadata = output.get("data", {}), output.get("metadata", {})
    if metadata.get("interactive"):
        still = data.get("image/png")
        still = figure(still, metadata["image/png"], site) if still else ""
        return interactive(data["text/plain"].removesuffix(WIDGET_ENDS), still)
    if "w2v-theme" in data.get("text/html", ""):
        return ""  # the style of a figure in JupyterLab's dark theme
    if "w2v-feedback" in data.get("text/html", ""):
        return data["text/html"]
    if set(data) == {"text/plain"}:
        return printed(data["text/plain"])
    if set(data) == {"text/plain", "image/png"}:
        return figure(data["image/png"], metadata.get("image/png", {}), site)
    kinds = ", ".join(data) or output.output_type
    raise BuildError(
        f"an output is of kind {kinds}; add a way to show it in tools/build_site.py"
    )


def printed(text):
    """Show what a cell printed; wrap it if it is prose."""
    kind = "prose" if widest_line(text) > MAX_PRINTED_WIDTH else "printed"
    return preformatted(html.escape(text), kind)


def widest_line(text):
    """Count the characters of the longest line."""
    return max(map(len, text.split("\n")))


def interactive(text, still):
    """Say what the running notebook shows in this place; a live figure may take the place."""
    text = html.escape(text)
    return (
        f'<div {SHOWS}="{text}">{still}'
        '<p class="widget">Here the running notebook shows an interactive figure: '
        f'{text[:1].lower()}{text[1:]}. <a href="{FRONT_PAGE}#{START}">How to run it</a></p>\n'
        "</div>"
    )


def figure(png, about, site):
    """Show a figure with the size and the alt text that `figures.show` gave it."""
    if not about.get("alt"):
        raise BuildError("a figure has no alt text; draw it by figures.show")
    content = base64.b64decode(png)
    target = f"figures/{hashlib.sha256(content).hexdigest()[:16]}.png"
    site.files[target] = content
    alt, width, height = html.escape(about["alt"]), about["width"], about["height"]
    return (
        f'<figure><img src="{target}" alt="{alt}" width="{width}" height="{height}">'
        "</figure>\n"
    )


# Pages


def page_text(site, source, live):
    """Read a Markdown file or a notebook as the text of a page."""
    if source.endswith(".ipynb"):
        text = notebook_html(site, source)
    else:
        text = MARKDOWN((site.root / source).read_text(encoding="utf-8"))
    soup = BeautifulSoup(text, "html.parser")
    number_headings(soup)
    lead_links(site, source, soup)
    label_tables(soup)
    make_scrollable(soup)
    take_places(soup, live)
    for tag in soup(style=True):
        tag["class"] = [*tag.get("class", ()), site.look(tag["style"])]
        del tag["style"]
    return soup


def number_headings(soup):
    """Keep one h1, skip no level, and give headings the same ids as GitHub."""
    above, taken = [], set()
    for tag in soup.find_all(re.compile("^h[1-6]$")):
        level = int(tag.name[1])
        while len(above) > 1 and above[-1] >= level:
            above.pop()
        above.append(level)
        tag.name = f"h{len(above)}"
        wanted = re.sub(r"[^\w\- ]", "", tag.text.lower()).strip().replace(" ", "-")
        numbered = (f"{wanted}-{number}" for number in itertools.count(1))
        tag["id"] = next(i for i in itertools.chain([wanted], numbered) if i not in taken)
        taken.add(tag["id"])
    if not taken:
        raise BuildError("there is no title; begin with `# `")


def lead_links(site, source, soup):
    """Make links and pictures point into the site, except in cells, where they already do."""
    for tag in soup("img"):
        if not tag.get("alt"):
            raise BuildError(f"the image {tag.get('src')} has no text; write ![a text](…)")
        if urlsplit(tag["src"]).netloc:
            tag.replace_with(tag["alt"])  # pages load nothing from other machines
    links = [(tag, "href") for tag in soup(href=True)]
    for tag, name in [*links, *((tag, "src") for tag in soup(src=True))]:
        address = urlsplit(tag[name])
        is_outside = address.scheme or address.netloc
        if is_outside or not address.path or tag.find_parent(class_="cell"):
            continue
        needed = find_file(site.root, source, unquote(address.path))
        if (site.root / needed).is_dir():
            tag.unwrap()
        else:
            tag[name] = address._replace(path=site.need(needed)).geturl()


def find_file(root, source, address):
    """Return the path in the repository that a link in one of its files leads to."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), address))
    if path.startswith("..") or not (root / path).exists():
        raise BuildError(f"the link {address} leads nowhere; correct it")
    return path


def label_tables(soup):
    """Mark whether the header cells of tables belong to a column or a row."""
    for table in soup("table"):
        for head in table("th"):
            if head.text.strip():
                head["scope"] = "col"
            else:
                head.name = "td"  # an empty header
        if table.thead and not table.th:  # the first cell of each row names it
            table.thead.decompose()
            for row in table("tr"):
                row.td["scope"], row.td.name = "row", "th"
        table.wrap(soup.new_tag("div", attrs={"class": "table"}))


def make_scrollable(soup):
    """Let the keyboard reach parts that may be wider than the window."""
    for tag in soup(["div", "pre"], class_=SCROLLING):
        if tag.name == "div" or widest_line(tag.text) > MAX_CODE_WIDTH:
            label = SCROLLING[tag["class"][0]]
            tag.attrs |= {"role": "group", "aria-label": label, "tabindex": "0"}


# The front page


def section(readme, anchor):
    """Copy the text below a heading of the README, up to the next section.

    Links to sections that the front page does not have lead to the page of the README.
    """
    heading = readme.soup.find(id=anchor)
    if heading is None:
        raise BuildError(f"{README} has no section #{anchor}; see tools/build_site.py")
    following = heading.find_next_siblings()
    tags = itertools.takewhile(lambda tag: tag.name not in ("h1", "h2"), following)
    tags = [copy.copy(tag) for tag in tags]
    for link in itertools.chain.from_iterable(tag.select('[href^="#"]') for tag in tags):
        if link["href"][1:] not in (ABLE, CHAPTERS, START):
            link["href"] = readme.target + link["href"]
    return tags


def read_chapters(site, readme):
    """Read the table of the chapters in the README, and make their pages."""
    folder = site.root / NOTEBOOKS
    sources = [f"{NOTEBOOKS}/{path.name}" for path in sorted(folder.glob("*.ipynb"))]
    rows = [row for tag in section(readme, CHAPTERS) for row in tag("tr")]
    rows = [row for row in rows if row.a and len(row("td")) == 4]
    if [row.a["href"] for row in rows] != [target_of(source) for source in sources]:
        raise BuildError(f"{README} must list these chapters: {', '.join(sources)}")
    chapters = []
    for row, source in zip(rows, sources, strict=True):
        number, title, what, minutes = (cell.text for cell in row("td"))
        page = site.page(source)
        page.about = f"In this chapter you {what}."
        chapters.append((page, number, title, what, minutes))
    return chapters


def front_page(site, readme, chapters):
    """Collect what the front page shows of the README and the chapters."""
    lead, *rest = section(readme, readme.soup.h1["id"])
    covers = [page.soup.select_one(f'img[alt^="{COVER}"]') for page, *_ in chapters]
    if not any(covers):
        raise BuildError(f"no alt text of a figure begins with {COVER!r}; change COVER")
    return {
        "lead": lead,
        "able": join(section(readme, ABLE)),
        "note": join(tag for tag in section(readme, CHAPTERS) if not tag.table),
        "start": join(rest + section(readme, START)),
        "cover": next(filter(None, covers)).parent,
        "chapters": chapters,
        "results": site.need(RESULTS),
        "glossary": site.need(GLOSSARY),
        "teaching": site.need(TEACHING),
        "readme": readme.target,
        "code_license": site.need(CODE_LICENSE),
        "text_license": site.need(TEXT_LICENSE),
    }


def join(tags):
    """Join tags, one per line."""
    return "\n".join(map(str, tags))


# The site


def build(root=ROOT, live=PLACES):
    """Build all files of the site.

    Parameters
    ----------
    root : Path
        Folder of the repository.
    live : dict, optional
        Live figures by their places.

    Returns
    -------
    dict of str to bytes
        Contents of the files by their paths in the site.

    Raises
    ------
    BuildError
        If you have to correct a file of the repository first.
    """
    site = Site(root, live)
    readme = site.page(README)
    chapters = read_chapters(site, readme)
    values = front_page(site, readme, chapters)
    site.add_needed()
    front = Page(
        FRONT_PAGE,
        readme.soup,
        "An interactive lesson on word vectors, as web pages to read.",
        list(site.live_on(FRONT).values()),
    )
    order = [page for page, *_ in chapters] + [site.page(GLOSSARY)]
    fill_in(site, front, order, values)
    site.files[STYLE] = style(site).encode()
    site.files[SITE_MARK] = b""
    return site.files


def style(site):
    """Join all style of the site."""
    looks = [f".{name} {{ {style} }}\n" for style, name in site.looks.items()]
    return (TEMPLATES / STYLE).read_text("utf-8") + style_sheet() + "".join(looks)


def fill_in(site, front, order, values):
    """Put the pages into their templates; `order` is the reading order."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    before = {page.target: other for other, page in itertools.pairwise(order)}
    after = {page.target: other for page, other in itertools.pairwise(order)}
    for page in [front, *site.pages.values()]:
        template = templates.get_template(FRONT_PAGE if page is front else "page.html")
        live = [(each.name, data_of(each), script_of(each)) for each in page.live]
        text = template.render(
            values,
            page=page,
            live=live,
            policy=policy([script for *_, script in live]),
            lesson=front.soup.h1.text,
            before=before.get(page.target),
            after=after.get(page.target),
        )
        site.files[page.target] = text.encode()


def write(files, folder):
    """Replace a folder by the site once all of its files are on the disk.

    Parameters
    ----------
    files : dict of str to bytes
        Contents by path in the site.
    folder : Path
        An earlier site, an empty folder, or nothing yet.

    Raises
    ------
    BuildError
        If the folder holds anything but a site.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / SITE_MARK).exists():
        raise BuildError(
            f"{folder} contains other files; move them first, because the site goes there"
        )
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".site-") as temporary:
        new = Path(temporary) / "site"
        for target, content in files.items():
            path = new / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(new, folder)


def main(root=ROOT, live=PLACES):
    """Build the site of a repository into its folder site; return the exit status."""
    try:
        files = build(root, live)
        write(files, root / "site")
    except BuildError as error:
        print(f"No site was made. {error}", file=sys.stderr)
        return 1
    pages = sum(target.endswith(".html") for target in files)
    size = sum(map(len, files.values())) / 1e6
    print(f"site/: {pages} pages, {size:.1f} MB. Open site/index.html in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
