"""The explorer's widgets: levers on the left, the answer and its figures on the right; all it knows is in the state."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import ipywidgets as w

from simsim.explorer import copies, figures, sentences
from simsim.explorer.levers import CHOICE, SWITCH, WHOLE, Lever, decimals, levers_of
from simsim.explorer.lives import Lived, Lives
from simsim.explorer.state import NEW_SCHOOL, Explorer, Site
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import indicators
from simsim.policy import find
from simsim.report.markup import joined, tag, text
from simsim.report.view import View
from simsim.report.words import LANGUAGES, Words

NUMBERS_OF_WORLDS = (1, 5, 10, 20, 50, 100)
LEFT, RIGHT = "390px", "930px"
STALE = "stale"
"""The mark of figures that show the scenario as it was before the last change."""
COPY = "copy"
TABS = ("paths", "map", "groups", "kept", COPY)
AT_MOST_EVERY = 0.4
"""Seconds between two drawings while worlds come in one after another."""
CSS = """<style>
.simsim-explorer p{margin:.25em 0;line-height:1.45;max-width:60em}
.simsim-explorer .answer{font-size:1.15em;font-weight:600}
.simsim-explorer .ground,.simsim-explorer .small{color:#555;font-size:.92em}
.simsim-explorer .lamp{display:inline-block;padding:.1em .7em;border-radius:1em}
.simsim-explorer .off{background:#fff1d6}.simsim-explorer .on{background:#dcf1e0}
.simsim-explorer .problem{background:#fbe3e4;padding:.3em .7em}
.simsim-explorer .stale{opacity:.35}
.simsim-explorer pre{white-space:pre-wrap;font-size:.9em;background:#f5f5f5;padding:.6em;line-height:1.3}
</style>"""


class Panel:
    """The widgets of one explorer: `widget` is what a cell displays, `close` ends its worker processes."""

    def __init__(self, state: Explorer, workers: int) -> None:
        self.state, self.say = state, Words(state.lang)
        self.lock, self.quiet, self.drawn_at = threading.RLock(), False, 0.0
        self.asked_at = self.first_answer = time.perf_counter()
        self.log: list[str] = []
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self.loop = None
        self.measure = state.measures()[0]
        self.answer, self.status = w.HTML(), w.HTML()
        self.images = {name: w.Image(format="png", layout=w.Layout(max_width="100%")) for name in TABS[:3]}
        self.texts = {name: w.HTML() for name in TABS[3:]}
        self.tabs, self.widget = w.Tab(), w.VBox([])
        self.widget.add_class("simsim-explorer")
        self._build()
        self.lives = Lives(workers, self._told)
        self._ask()

    # ---- worlds ----

    def _told(self, found: Lived) -> None:
        """Hear of a world in a worker's thread, and draw it in the kernel's own."""
        if self.loop is not None and self.loop.is_running():
            self.loop.call_soon_threadsafe(self._taken, found)
        else:
            self._taken(found)

    def _taken(self, found: Lived) -> None:
        """Draw a world; what goes wrong in drawing is told in its place, for nobody reads a kernel's log."""
        try:
            self._take(found)
        except Exception as error:
            what = self.say("explore.failed", what=f"{type(error).__name__}: {error}")
            self.answer.value = tag("p", what, "problem")
            raise

    def _take(self, found: Lived) -> None:
        with self.lock:
            had = self.state.n
            self.state.take(found)
            self.log.append(f"{found.key[0][:8]} seed {found.key[1]}: {found.seconds:.2f} s")
            if not had and self.state.n:
                self._build_outcomes()
            last = not self.lives.busy
            if (self.state.n != had and (not had or time.perf_counter() - self.drawn_at > AT_MOST_EVERY)) or last:
                self._show()
            if not had and self.state.n:
                self.first_answer = time.perf_counter() - self.asked_at
                self.log.append(f"first answer after {self.first_answer:.2f} s")

    def _ask(self) -> None:
        """Have lived what is lacking, and show what there is meanwhile."""
        self.asked_at = time.perf_counter()
        self.lives.ask(self.state.wanted())
        self._show()

    def close(self) -> None:
        """End the worker processes."""
        self.lives.close()

    # ---- what is shown ----

    def _show(self) -> None:
        """Show the answer, and the figure of the tab that is open."""
        self.drawn_at = time.perf_counter()
        state, say = self.state, self.say
        problem = [tag("p", say("explore.refused", what=state.problem), "problem")] if state.problem else []
        problem += [tag("p", say("explore.failed", what=what), "problem") for what in list(state.failures.values())[:1]]
        if not state.is_ready:
            key = "explore.preparing" if not state.worlds else "explore.living"
            waits = tag("p", say(key, title=state.current.title[state.lang]), "lamp off")
            self.answer.value = joined([waits, *problem])
            for widget in self._of_worlds():
                widget.add_class(STALE)
            if self._open_tab() == COPY:
                self._show_tab()
            return
        for widget in self._of_worlds():
            widget.remove_class(STALE)
        view = state.view()
        found = sentences.answer(state, view)
        lamp = sentences.lamp(state, view, found, self.lives.busy)
        level = tag("p", sentences.level_words(view, state), "small")
        self.answer.value = joined([lamp, sentences.sentence(state, view, found), level, *problem])
        self._show_tab(view)

    def _of_worlds(self) -> list[w.Widget]:
        """Return what shows worlds that were lived: it shows the last ones until there are others."""
        return [*self.images.values(), *(widget for name, widget in self.texts.items() if name != COPY)]

    def _open_tab(self) -> str:
        return TABS[self.tabs.selected_index or 0]

    def _show_tab(self, view: View | None = None) -> None:
        """Draw what the open tab holds."""
        name = self._open_tab()
        if name == COPY:
            pieces = (copies.as_yaml(self.state), copies.as_python(self.state), copies.as_command(self.state))
            headings = ("YAML", "Python", "simsim run")
            self.texts[name].value = joined(
                tag("div", joined([tag("b", head), tag("pre", piece)]))
                for head, piece in zip(headings, pieces, strict=True)
            )
        elif self.state.is_ready:
            view = view or self.state.view()
            if name == "kept":
                self.texts[name].value = sentences.kept(self.state, view)
            else:
                draw = {"paths": figures.paths, "map": figures.place, "groups": figures.groups}[name]
                self.images[name].value = figures.png(draw(self.state, view))

    # ---- building ----

    def _build(self) -> None:
        """Put all widgets in place, in the language of the state."""
        say, state = self.say, self.state
        titles, opened = [say(f"explore.tab.{n}") for n in TABS], self.tabs.selected_index
        self.tabs = w.Tab([*self.images.values(), *self.texts.values()], titles=titles, selected_index=opened or 0)
        self.tabs.observe(lambda _: self._show_tab(), "selected_index")
        names = {"en": "English", "zh": "中文"}
        language = w.ToggleButtons(options=[(names[lang], lang) for lang in LANGUAGES], value=state.lang)
        language.style.button_width = "70px"
        language.observe(lambda change: self._speak(change["new"]), "value")
        title = state.data.spec.get("title") or {}
        head = tag("h3", say("explore.title", district=dict(title).get(state.lang, state.data.name)))
        note = tag("p", state.view().say("synthetic.stamp") if state.is_ready else "", "small")
        self.outcomes = w.HBox([], layout=w.Layout(flex_flow="row wrap"))
        self.levers, self.changed = w.VBox([]), w.VBox([])
        left = w.VBox(
            [self._measures(), self.levers, self._site(), self.changed], layout=w.Layout(width=LEFT, min_width=LEFT)
        )
        right = w.VBox([self.outcomes, self.answer, self.tabs], layout=w.Layout(width=RIGHT))
        bar = w.HBox([w.HTML(CSS + head + note), language], layout=w.Layout(justify_content="space-between"))
        self.widget.children = [bar, w.HBox([left, right], layout=w.Layout(flex_flow="row wrap"))]
        self._build_levers()
        self._build_changed()
        self._build_outcomes()

    def _speak(self, lang: str) -> None:
        self.state.lang, self.say = lang, Words(lang)
        self._build()
        self._show()

    def _measures(self) -> w.Widget:
        self.menu = w.Dropdown(
            options=[(self._measure_name(one), one) for one in self.state.measures()], value=self.measure,
            description=self.say("explore.measure"), layout=w.Layout(width="98%"),
        )  # fmt: skip
        self.menu.observe(lambda change: self._choose(change["new"]), "value")
        return self.menu

    def _measure_name(self, instance: str) -> str:
        known = {i.id: i.policy for i in (*self.state.start.instances, *self.state.current.instances)}
        title = find(known.get(instance, instance)).title[self.state.lang]
        return f"{instance} · {title}" if instance in known else f"+ {title}"

    def _choose(self, instance: str | None) -> None:
        if instance is not None:
            self.measure = instance
            self._build_levers()

    def _build_levers(self) -> None:
        """Show the levers of the measure that is chosen."""
        state, say = self.state, self.say
        instance = state.instances.get(self.measure)
        on = w.Checkbox(value=instance is not None, description=say("explore.in_force"), indent=False)
        on.observe(lambda change: self._do(lambda: state.switch(self.measure, change["new"]), anew=True), "value")
        rows: list[w.Widget] = [on]
        if instance is not None:
            last = state.to
            year = min(max(instance.years[0], state.first + 1), last)
            since = self._slider(w.IntSlider, say("explore.from"), "", year, state.first + 1, last, 1)
            since.children[1].observe(lambda c: self._do(lambda: state.start_in(self.measure, c["new"])), "value")
            rows += [since, *(self._lever(lever) for lever in levers_of(instance.policy, instance.settings))]
        self.levers.children = rows

    def _lever(self, lever: Lever) -> w.Widget:
        label, words = lever.label(self.say), lever.words(self.say)
        if lever.kind == SWITCH:
            box = w.Checkbox(value=bool(lever.value), description=label, indent=False)
            widget = w.VBox([box, w.HTML(tag("span", words, "small"))])
        elif lever.kind == CHOICE:
            options = [(lever.choice(self.say, one), one) for one in lever.choices]
            box = w.Dropdown(options=options, value=lever.value, layout=w.Layout(width="98%"))
            widget = w.VBox([w.HTML(joined([tag("b", label), " ", tag("span", words, "small")])), box])
        else:
            kind = w.IntSlider if lever.kind == WHOLE else w.FloatSlider
            widget = self._slider(kind, label, words, lever.value, lever.low, lever.high, lever.step)
            box = widget.children[1]
        again = lever.kind in (SWITCH, CHOICE)
        box.observe(
            lambda c: self._do(lambda: self.state.change(self.measure, **{lever.field: c["new"]}), anew=again), "value"
        )
        return widget

    def _slider(
        self, kind: Callable[..., w.Widget], label: str, words: str, value: object, low: float, high: float, step: float
    ) -> w.VBox:
        """Return a slider with its words above it; it speaks when the hand lets go."""
        whole = kind is w.IntSlider
        ends = {
            "min": int(low) if whole else low,
            "max": int(high) if whole else high,
            "step": int(step) if whole else step,
        }
        own = {} if whole else {"readout_format": f",.{decimals(step)}f"}
        slider = kind(value=value, **ends, **own, continuous_update=False, layout=w.Layout(width="98%"))
        above = w.HTML(joined([tag("b", label), " ", tag("span", words, "small")]))
        return w.VBox([above, slider])

    def _site(self) -> w.Widget:
        """Return the panel of a new school: whether, when, where, of which kind."""
        say, state = self.say, self.state
        places = state.places
        names = [str(name) for name in places[f"name_{state.lang}"]]
        self.build = w.Checkbox(value=NEW_SCHOOL in state.changes, description=say("explore.build"), indent=False)
        self.opens = w.IntSlider(value=state.first + 2, min=state.first + 1, max=state.to, continuous_update=False)
        self.near = w.Dropdown(options=list(zip(names, range(len(names)), strict=True)), value=0 if names else None)
        ends = {"min": float(places["x_km"].min()) - 1, "max": float(places["x_km"].max()) + 1}
        self.x = w.FloatSlider(value=float(places["x_km"].iloc[0]), **ends, step=0.1, continuous_update=False)
        ends = {"min": float(places["y_km"].min()) - 1, "max": float(places["y_km"].max()) + 1}
        self.y = w.FloatSlider(value=float(places["y_km"].iloc[0]), **ends, step=0.1, continuous_update=False)
        kinds = [(say.either("school_kind", kind), kind) for kind in state.data.system.kinds]
        self.kind = w.Dropdown(
            options=kinds, value="nine_year" if "nine_year" in state.data.system.kinds else kinds[0][1]
        )
        boxes = {"from": self.opens, "near": self.near, "x": self.x, "y": self.y, "kind": self.kind}
        for name, box in boxes.items():
            box.description, box.layout = say(f"explore.{name}"), w.Layout(width="98%")
            box.observe(lambda change, name=name: self._move_school(name), "value")
        self.build.observe(lambda _: self._move_school("build"), "value")
        note = w.HTML(tag("p", say("explore.schematic"), "small"))
        accordion = w.Accordion([w.VBox([self.build, *boxes.values(), note])], titles=[say("explore.school")])
        accordion.selected_index = 0 if self.build.value else None
        return accordion

    def _move_school(self, name: str) -> None:
        if self.quiet:
            return
        if name == "near" and self.near.value is not None:
            row = self.state.places.iloc[self.near.value]
            with self._quietly():
                self.x.value, self.y.value = float(row["x_km"]), float(row["y_km"])
        site = Site(self.opens.value, round(self.x.value, 2), round(self.y.value, 2), self.kind.value)
        if self.build.value or name == "build":
            self._do(lambda: self.state.build_school(site if self.build.value else None))

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        self.quiet = True
        try:
            yield
        finally:
            self.quiet = False

    def _build_changed(self) -> None:
        """Say what was changed, with buttons that take it back and that keep the scenario."""
        say, state = self.say, self.state
        what = say("explore.changed", names=", ".join(state.changes)) if state.changes else ""
        what = what or say("explore.unchanged", title=state.start.title[state.lang])
        undo = self._button(say("explore.undo_all"), self._undo_all)
        keep = self._button(say("explore.save"), self._keep)
        rows: list[w.Widget] = [w.HTML(tag("p", what)), w.HBox([undo, keep])]
        for one in state.saved:
            remove = self._button(say("explore.remove"), partial(self._forget, one.name))
            rows.append(w.HBox([w.HTML(text(say("explore.saved", title=one.title[state.lang]))), remove]))
        self.changed.children = rows

    def _button(self, label: str, act: Callable[[], None]) -> w.Button:
        button = w.Button(description=label, layout=w.Layout(width="auto"))
        button.on_click(lambda _: act())
        return button

    def _undo_all(self) -> None:
        with self._quietly():
            self.build.value = False
        self._do(self.state.undo, anew=True)

    def _keep(self) -> None:
        try:
            self.state.save()
        except InputError:
            self.state.problem = self.say("explore.full", n=len(self.state.saved))
        self._build_changed()
        self._ask()

    def _forget(self, name: str) -> None:
        self.state.forget(name)
        self._build_changed()
        self._ask()

    def _build_outcomes(self) -> None:
        """Show the menus of outcome, stage, year, reference and number of worlds."""
        say, state = self.say, self.state
        there = state.recorded()
        known = [
            (say.label(n), n)
            for n, entry in indicators().items()
            if (entry.headline or n == state.indicator) and (n in there or not there)
        ]
        stages = state.stages_of(state.indicator) or [state.stage]
        state.stage = state.stage if state.stage in stages else stages[0]
        bases = list(dict.fromkeys([(s.title[state.lang], s.name) for s in (state.base, state.start)]))
        boxes = {
            "indicator": w.Dropdown(options=known, value=state.indicator),
            "stage": w.Dropdown(options=[(say(f"stage.{s}"), s) for s in stages], value=state.stage),
            "year": w.IntSlider(value=state.year, min=state.first, max=state.to, continuous_update=False),
            "against": w.Dropdown(options=bases, value=state.against),
            "seeds": w.Dropdown(options=sorted({*NUMBERS_OF_WORLDS, state.seeds}), value=state.seeds),
        }
        for name, box in boxes.items():
            box.description, box.layout = say(f"explore.{name}"), w.Layout(width="300px")
            box.style.description_width = "initial"
            box.observe(lambda change, name=name: self._look(name, change["new"]), "value")
        self.outcomes.children = list(boxes.values())

    def _look(self, name: str, value: object) -> None:
        with self.lock:
            setattr(self.state, name, value)
            if name == "indicator":
                self._build_outcomes()
            self._ask()

    def _do(self, change: Callable[[], None], anew: bool = False) -> None:
        """Make a change of the scenario, and have lived what it takes."""
        with self.lock:
            change()
            if anew or self.state.problem:
                self._build_levers()
            self._build_changed()
            self._ask()
