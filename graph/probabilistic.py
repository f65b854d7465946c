"""Linking by Splink's models, together: what was merged is evidence for what stands beside it.

Every type is first compared alone (``graph.scoring``). Then, for a few rounds, pairs that were left are weighed again
with what their clusters are connected to: two people of similar names at events that turned out to be one, two places
whose events did. Each round looks at the clusters of the one before, so that no order matters.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph import reuse
from graph.alike import alike
from graph.ambiguity import Ambiguity
from graph.arrays import Mask, Numbers
from graph.aside import MANY, aside
from graph.atoms import Atoms, atoms
from graph.beside import CONTEXT
from graph.blocking import with_keys
from graph.clusters import joined
from graph.flow import Flow
from graph.interpreter import levels as levels_of
from graph.judgements import Judgement
from graph.linking import Decision, Match
from graph.marks import Marks
from graph.matches import Columns, Finding, Matches
from graph.mentions import Mention
from graph.model_check import check
from graph.model_files import LIKELY, Model, load_models
from graph.personal_names import personal_name
from graph.rows import rows
from graph.scoring import Candidates, Levels, candidates, weight
from graph.surroundings import Surroundings

ROUNDS = 4  # more never changed anything on the corpus; the last ones seldom do
NEAR = 8.0  # bits below the threshold down to which a pair is worth a person's look
SAME_RECORD = 500.0  # weight in bits of what one source says in the same words: below a judgement, above all else
_SAME = Finding(SAME_RECORD, "the same source in the same words", strong=True)


class _Pairs:
    """Pairs of one type's atoms that are worth a look, in a fixed order, as columns: numbers of first mentions."""

    def __init__(self, model: Model, left: Numbers, right: Numbers, levels: npt.NDArray[np.int8]) -> None:
        order = np.lexsort((right, left))
        self.model = model
        self.left, self.right, self.levels = left[order], right[order], levels[order]
        self._weigh()

    def _weigh(self) -> None:
        sizes = [len(by_value) for by_value in self.model.levels.values()]
        code = np.zeros(len(self.left), np.int64)
        for place, size in enumerate(sizes):
            code = code * size + self.levels[:, place] + 1
        _, first, self.said = np.unique(code, return_index=True, return_inverse=True)
        met = [tuple(each) for each in self.levels[first].tolist()]
        self.findings = [_finding(self.model, each) for each in met]
        self.weight = np.array([weight(self.model, each) for each in met], np.float64)[self.said]

    def keep(self, chosen: Mask) -> None:
        """Leave out the pairs that are not chosen."""
        if not chosen.all():
            for name in ("left", "right", "levels", "said", "weight"):
                setattr(self, name, getattr(self, name)[chosen])

    @property
    def likely(self) -> Mask:
        return self.weight >= self.model.threshold

    def matches(self, keys: Sequence[str]) -> Matches:
        return Matches(keys, Columns(self.left, self.right, self.said), self.findings)

    def raised(self, kind: str, label: Numbers, flow: Flow) -> bool:
        """Weigh the pairs again, with what the clusters of their atoms are connected to. Whether one now matches."""
        one, other = label[self.left], label[self.right]
        moved = flow.moved(label)
        open_ = np.flatnonzero(~self.likely & (one != other) & (moved[one] | moved[other]))
        if not len(open_):
            return False
        one, other = one[open_], other[open_]
        wanted = np.unique(np.concatenate((one, other)))
        names = list(self.model.levels)
        levels = self.levels[open_]
        for place, name in enumerate(names):
            if name in CONTEXT[kind]:
                common = flow.common(name, one, other, label, wanted)
                # A list's levels are declared by how many the two have in common.
                met = np.minimum(common, max(self.model.levels[name]))
                levels[:, place] = np.where(common > 0, np.maximum(levels[:, place], met), levels[:, place])
        if "beside" in names:
            levels[flow.has("companions", one, other, label, wanted), names.index("beside")] = max(
                self.model.levels["beside"]
            )  # the first: they stand in one list
        if (levels == self.levels[open_]).all():
            return False
        before = self.likely
        self.levels[open_] = levels
        self._weigh()
        return bool((self.likely & ~before).any())


class ProbabilisticLinker:
    """The models of this package, or those given, as a linker; ModelError where one cannot be evaluated.

    ``folder`` keeps what was compared last: what did not change is not compared again.
    """

    def __init__(self, models: Mapping[str, Model] | None = None, folder: Path | None = None) -> None:
        self._models = models or load_models()
        for model in self._models.values():
            check(model)
        self._folder = folder

    def link(self, around: Surroundings, judgements: Mapping[tuple[str, str], Judgement]) -> Decision:
        marks = around.marks
        among = atoms(around)
        pairs = self._pairs(among)
        fixed = _fixed(among)
        flows = {kind: Flow(among.beside.of(kind)) for kind in pairs}
        doubts = Ambiguity(around)

        def found(kind: str) -> Matches:
            return doubts.without(pairs[kind].matches(around.keys).where(pairs[kind].likely))

        matches = {kind: found(kind) for kind in pairs}
        for _ in range(ROUNDS):
            label, _conflicts = joined(marks, Matches.together(around.keys, [fixed, *matches.values()]), judgements)
            raised = [kind for kind, each in pairs.items() if each.raised(kind, label, flows[kind])]
            if not raised:
                break
            matches |= {kind: found(kind) for kind in raised}
        undecided = [_undecided(each, matches[kind]) for kind, each in pairs.items()]
        return Decision(
            Matches.together(around.keys, [fixed, *matches.values()]), Matches.together(around.keys, undecided)
        )

    def compare(self, mentions: Sequence[Mention], left: str, right: str) -> Match | None:
        """Return what the two atoms' own rows say, whether they share a blocking key or not; None for two types.

        Args:
            mentions: all of them: how common a name is depends on the others.
            left: the key of a mention.
            right: another's.
        """
        around = Surroundings(mentions)
        kind = around.mention(left).type
        if around.mention(right).type != kind:
            return None
        among = atoms(around)
        ends = among.number[[around.numbers[left], around.numbers[right]]]
        found = [atom for atom in among.of(kind) if atom.number in ends]
        if len(found) < 2:
            return Match(left, right, SAME_RECORD, _SAME.rule, strong=True)
        model = self._models[kind]
        said = _finding(model, levels_of(model.settings, *rows(kind, found, among).to_pylist()))
        return Match(
            found[0].first.key, found[1].first.key, said.weight, said.rule, said.evidence, said.sure, said.strong
        )

    def threshold(self, kind: str) -> float:
        """Return the weight in bits from which on two of a type are one."""
        return self._models[kind].threshold

    def _pairs(self, among: Atoms) -> dict[str, _Pairs]:
        """Return the pairs of each type's atoms that are worth a look, in a fixed order."""
        if self._folder:
            reuse.keep_only(among.kinds, self._folder)
        # A database compares the rows of one type while Python makes those of the next. What it takes longest for
        # comes first: people, of whom most rows are all different, by most levels.
        kinds = among.kinds
        with aside(number := len(among.number)) as beside:
            begun = {}
            for kind in sorted(kinds, key=lambda kind: (kind != "Person", -kinds[kind])):
                together = alike(kind, among, self._models[kind])
                comparison = beside.do(_compared, kind, self._models[kind], self._folder, rows=together.rows)
                begun[kind] = together.one, comparison
                del together
                # While the database works, memory is what there is least of.
                if kind == "Person" and number >= MANY:
                    personal_name.cache_clear()
            return {kind: self._worth_a_look(kind, *begun.pop(kind), among.around.marks) for kind in kinds}

    def _worth_a_look(
        self,
        kind: str,
        one: Sequence[tuple[list[int], Levels]],
        comparison: Future[Candidates],
        marks: Marks,
    ) -> _Pairs:
        model = self._models[kind]
        compared = comparison.result()
        first, others, met = [], [], []
        for group, levels in one:
            first += group[:1] * (len(group) - 1)
            others += group[1:]
            met += [levels] * (len(group) - 1)
        pairs = _Pairs(
            model,
            np.concatenate((compared.left, np.array(first, np.int64))),
            np.concatenate((compared.right, np.array(others, np.int64))),
            np.concatenate((compared.levels, np.array(met, np.int8).reshape(len(met), len(model.levels)))),
        )
        left, right = pairs.left, pairs.right
        kept_apart = (marks.source[left] == marks.source[right]) & marks.identified[left] & marks.identified[right]
        pairs.keep(~(kept_apart & (pairs.weight < model.strong)))
        return pairs


def _compared(kind: str, model: Model, folder: Path | None, rows: Any) -> Candidates:
    keyed = with_keys(kind, rows)
    return candidates(model, keyed) if folder is None else reuse.candidates(model, keyed, folder)


def _fixed(among: Atoms) -> Matches:
    """Return the matches of what one source says in the same words."""
    number = np.arange(len(among.number))
    others = among.number != number
    left, right = among.number[others], number[others]
    return Matches(among.around.keys, Columns(left, right, np.zeros(len(left), np.int64)), [_SAME])


def _undecided(pairs: _Pairs, found: Matches) -> Matches:
    """Return the pairs near the threshold, on either side, that were not followed or are not sure."""
    count = len(found.keys)
    code = pairs.left * count + pairs.right
    followed = np.isin(code, found.columns.left * count + found.columns.right)
    sure = np.array([finding.sure for finding in pairs.findings], np.bool_)[pairs.said]
    near = pairs.weight >= pairs.model.threshold - NEAR
    return pairs.matches(found.keys).where(near & (~followed | ~sure))


def _finding(model: Model, levels: Levels) -> Finding:
    """Return what levels that two meet say of them."""
    total = weight(model, levels)
    evidence = tuple(
        (met.label, round(met.bits, 2))
        for by_value, level in zip(model.levels.values(), levels, strict=True)
        if level >= 0 and (met := by_value[level]).bits
    )
    return Finding(
        round(total, 2),
        ", ".join(label for label, bits in evidence if bits > 0),
        (("two of this type taken at random", round(model.prior, 2)), *evidence),
        sure=total >= model.threshold + LIKELY,
        strong=total >= model.strong,
    )
