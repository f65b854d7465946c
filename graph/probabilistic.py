"""Linking by Splink's models, together: what was merged is evidence for what stands beside it.

Every type is first compared alone (``graph.scoring``). Then, for a few rounds, pairs that were left are weighed again
with what their clusters are connected to: two people of similar names at events that turned out to be one, two places
whose events did. Each round looks at the clusters of the one before, so that no order matters.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.ambiguity import without_ambiguous
from graph.atoms import CONTEXT, Atom, Surroundings, atoms
from graph.blocking import add_keys
from graph.clusters import cluster
from graph.features import AROUND, Row, rows
from graph.features import MOST as MOST_LISTED
from graph.interpreter import levels as levels_of
from graph.judgements import Judgement
from graph.linking import Decision, Match
from graph.mentions import Mention
from graph.model_files import LIKELY, Model, load_models
from graph.scoring import Levels, candidates, weight

ROUNDS = 4  # more never changed anything on the corpus; the last ones seldom do
NEAR = 8.0  # bits below the threshold down to which a pair is worth a person's look
SAME_RECORD = 500.0  # weight in bits of what one source says in the same words: below a judgement, above all else
MOST = 200  # things beside a cluster that are compared: in more, one in common means little


@dataclass(slots=True)
class _Pair:
    """Two atoms that share a blocking key, and the levels at which they meet."""

    left: Atom
    right: Atom
    levels: Levels
    weight: float
    match: Match | None = None


class ProbabilisticLinker:
    """The models of this package, or those given, as a linker."""

    def __init__(self, models: Mapping[str, Model] | None = None) -> None:
        self._models = models or load_models()

    def link(self, mentions: Sequence[Mention], judgements: Mapping[tuple[str, str], Judgement]) -> Decision:
        around = Surroundings(sorted(mentions, key=lambda mention: mention.key))
        by_type = atoms(around.by_key.values(), around)
        fixed = [
            Match(atom.key, mention.key, SAME_RECORD, "the same source in the same words", strong=True)
            for found in by_type.values()
            for atom in found
            for mention in atom.mentions[1:]
        ]
        pairs = {kind: self._pairs(kind, found, around) for kind, found in by_type.items()}
        found = self._found(pairs, around)
        for _ in range(ROUNDS):
            groups = cluster(around.by_key.values(), [*fixed, *found], judgements).groups
            if not self._raise(pairs, groups, by_type):
                break
            found = self._found(pairs, around)
        return Decision((*fixed, *found), tuple(self._undecided(pairs, found)))

    def compare(self, mentions: Sequence[Mention], left: str, right: str) -> Match | None:
        """Return what the two atoms' own rows say, whether they share a blocking key or not; None for two types.

        Args:
            mentions: all of them: how common a name is depends on the others.
            left: the key of a mention.
            right: another's.
        """
        around = Surroundings(sorted(mentions, key=lambda mention: mention.key))
        kind = around.by_key[left].type
        if around.by_key[right].type != kind:
            return None
        found = [
            atom
            for atom in atoms(around.by_key.values(), around)[kind]
            if not {left, right}.isdisjoint(mention.key for mention in atom.mentions)
        ]
        if len(found) < 2:
            return Match(left, right, SAME_RECORD, "the same source in the same words", strong=True)
        model = self._models[kind]
        met = levels_of(model.settings, *rows(kind, found, around))
        return self._match(kind, _Pair(found[0], found[1], met, weight(model, met)))

    def threshold(self, kind: str) -> float:
        """Return the weight in bits from which on two of a type are one."""
        return self._models[kind].threshold

    def _pairs(self, kind: str, found: Sequence[Atom], around: Surroundings) -> list[_Pair]:
        """Return the pairs of a type's atoms that are worth a look, in a fixed order."""
        model = self._models[kind]
        made = list(rows(kind, found, around))
        by_key = {atom.key: atom for atom in found}
        alone, alike = self._alike(kind, made, by_key)
        add_keys(kind, alone)
        pairs = alike + [
            _Pair(by_key[left], by_key[right], levels, weight(model, levels))
            for left, right, levels in candidates(model, alone)
        ]
        pairs = [pair for pair in pairs if pair.weight >= model.strong or not _kept_apart(pair)]
        return sorted(pairs, key=lambda pair: (pair.left.key, pair.right.key))

    def _alike(self, kind: str, made: Sequence[Row], by_key: Mapping[str, Atom]) -> tuple[list[Row], list[_Pair]]:
        """Return the rows to compare, and the pairs of those that need no comparison.

        What many records name in the same words, and no source has a key for, is compared once for all of them, where
        the words alone make it one.
        """
        model = self._models[kind]
        groups: dict[object, list[Row]] = {}
        for row in made:
            if by_key[row["key"]].first.identity is None:
                said = tuple(
                    tuple(value) if isinstance(value, list) else value
                    for name, value in row.items()
                    if name != "key" and name not in AROUND
                )
                groups.setdefault(said, []).append(row)
            else:
                groups[row["key"]] = [row]
        alone: list[Row] = []
        pairs: list[_Pair] = []
        for group in groups.values():
            if len(group) == 1:
                alone += group
                continue
            bare = {name: None if name in AROUND else value for name, value in group[0].items()}
            met = levels_of(model.settings, bare, bare)
            if (total := weight(model, met)) < model.threshold:
                alone += group
                continue
            first = group[0]
            pairs += (_Pair(by_key[first["key"]], by_key[row["key"]], met, total) for row in group[1:])
            alone.append({name: _together(group, name) if name in AROUND else value for name, value in first.items()})
        return alone, pairs

    def _found(self, pairs: Mapping[str, Sequence[_Pair]], around: Surroundings) -> list[Match]:
        return [
            match
            for kind, each in pairs.items()
            for match in without_ambiguous(
                [self._match(kind, pair) for pair in each if pair.weight >= self._models[kind].threshold], around
            )
        ]

    def _undecided(self, pairs: Mapping[str, Sequence[_Pair]], found: Sequence[Match]) -> Iterator[Match]:
        """Yield the pairs near the threshold, on either side, that were not followed or are not sure."""
        followed = {(match.left, match.right): match for match in found}
        for kind, each in pairs.items():
            for pair in each:
                match = followed.get((pair.left.key, pair.right.key))
                near = pair.weight >= self._models[kind].threshold - NEAR
                if near and (match is None or not match.sure):
                    yield match or self._match(kind, pair)

    def _match(self, kind: str, pair: _Pair) -> Match:
        if pair.match is not None:
            return pair.match
        model = self._models[kind]
        evidence = tuple(
            (met.label, round(met.bits, 2))
            for by_value, level in zip(model.levels.values(), pair.levels, strict=True)
            if level >= 0 and (met := by_value[level]).bits
        )
        pair.match = Match(
            pair.left.key,
            pair.right.key,
            round(pair.weight, 2),
            ", ".join(label for label, bits in evidence if bits > 0),
            (("two of this type taken at random", round(model.prior, 2)), *evidence),
            sure=pair.weight >= model.threshold + LIKELY,
            strong=pair.weight >= model.strong,
        )
        return pair.match

    def _raise(
        self,
        pairs: Mapping[str, Sequence[_Pair]],
        groups: Sequence[Sequence[str]],
        by_type: Mapping[str, Sequence[Atom]],
    ) -> bool:
        """Weigh the pairs again, with what the clusters of their atoms are connected to. Whether one now matches."""
        cluster_of = {key: number for number, group in enumerate(groups) for key in group}
        changed = False
        for kind, each in pairs.items():
            model = self._models[kind]
            columns = [(place, name) for place, name in enumerate(model.levels) if name in CONTEXT[kind]]
            companions = list(model.levels).index("beside") if "beside" in model.levels else None
            left_over = [pair for pair in each if pair.weight < model.threshold]
            beside = _beside(left_over, by_type[kind], [name for _, name in columns], cluster_of)
            for pair in left_over:
                levels = list(pair.levels)
                one, other = cluster_of[pair.left.key], cluster_of[pair.right.key]
                if one == other:
                    continue
                if companions is not None and other in beside[one]["companions"]:
                    levels[companions] = max(model.levels["beside"])  # the first: they stand in one list
                for place, name in columns:
                    common = beside[one][name] & beside[other][name]
                    best = max(value for value in model.levels[name])
                    # A list's levels are declared by how many the two have in common.
                    levels[place] = max(levels[place], min(len(common), best)) if common else levels[place]
                if tuple(levels) != pair.levels:
                    pair.levels = tuple(levels)
                    pair.weight = weight(model, pair.levels)
                    pair.match = None
                    changed = changed or pair.weight >= model.threshold
        return changed


def _together(group: Sequence[Row], column: str) -> list[str] | None:
    return sorted({value for row in group for value in row[column] or ()})[:MOST_LISTED] or None


def _kept_apart(pair: _Pair) -> bool:
    """Whether one source has the two under keys of its own."""
    one, other = pair.left.first, pair.right.first
    return one.source.id == other.source.id and None not in (one.identity, other.identity)


def _beside(
    pairs: Sequence[_Pair], found: Sequence[Atom], columns: Sequence[str], cluster_of: Mapping[str, int]
) -> dict[int, dict[str, set[int]]]:
    """Return for the clusters of pairs what they are connected to, as clusters, by column."""
    wanted = {cluster_of[atom.key] for pair in pairs for atom in (pair.left, pair.right)}
    beside: dict[int, dict[str, set[int]]] = defaultdict(lambda: {name: set() for name in columns})
    for atom in found:
        number = cluster_of[atom.key]
        if number in wanted:
            for name in columns:
                beside[number][name].update(cluster_of[key] for key in atom.context.get(name, ()))
    for each in beside.values():
        for name, clusters in each.items():
            if len(clusters) > MOST:
                each[name] = set()
    return beside
