"""Regular expressions to automata.

Patterns are read by Python's own parser, so an automaton accepts what Python's `re` accepts. Three kinds are made:

- MatchGraph: whole-string matches over digits. Every pattern of the metadata matches strings of bounded length, so an
  automaton is an acyclic graph; equal nodes are one node, over all patterns (one minimal automaton with many starts).
- PrefixGraph: prefix matches over digits with the priorities of a backtracking matcher (first alternative, greedy
  repeats), with `$`, and with the place of one capturing group.
- TextAutomaton: whole-string matches over classes of characters, with loops; minimised.
"""

import re

try:
    from re import _compiler as compiler, _constants as constants, _parser as parser
except ImportError:  # Python before 3.11
    import sre_compile as compiler
    import sre_constants as constants
    import sre_parse as parser

DIGITS = "0123456789"


def leaf_pattern(op, argument, flags):
    """A compiled pattern for one character test of a parsed pattern."""
    state = parser.State()
    state.flags = re.UNICODE | flags
    state.str = ""
    return compiler.compile(parser.SubPattern(state, [(op, argument)]), re.UNICODE | flags)


class Program:
    """A pattern as instructions: ("test", leaf, next), ("split", preferred, other), ("save", slot, next), ("end", next),
    ("match",). `backwards` reads strings from their last character to their first."""

    LEAVES = (constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY, constants.CATEGORY)

    def __init__(self, pattern, flags=0, captures=False, backwards=False):
        self.flags = flags
        self.captures = captures
        self.backwards = backwards
        self.code = []
        self.leaves = {}
        match = self.emit(("match",))
        self.start = self.sequence(parser.parse(pattern, flags), match)

    def emit(self, instruction):
        self.code.append(instruction)
        return len(self.code) - 1

    def sequence(self, items, following):
        items = list(items)
        for op, argument in items if self.backwards else reversed(items):
            following = self.item(op, argument, following)
        return following

    def item(self, op, argument, following):
        if op in self.LEAVES:
            key = repr((op, argument, self.flags))
            self.leaves.setdefault(key, (op, argument, self.flags))
            return self.emit(("test", key, following))
        if op is constants.BRANCH:
            starts = [self.sequence(alternative, following) for alternative in argument[1]]
            result = starts[-1]
            for start in reversed(starts[:-1]):
                result = self.emit(("split", start, result))
            return result
        if op is constants.SUBPATTERN:
            group, _, _, items = argument
            if group is None or not self.captures:
                return self.sequence(items, following)
            inner = self.sequence(items, self.emit(("save", 2 * group - 1, following)))
            return self.emit(("save", 2 * group - 2, inner))
        if op is constants.MAX_REPEAT:
            least, most, items = argument
            if most is constants.MAXREPEAT:
                loop = self.emit(None)
                self.code[loop] = ("split", self.sequence(items, loop), following)
                result = loop
            else:
                result = following
                for _ in range(most - least):
                    result = self.emit(("split", self.sequence(items, result), following))
            for _ in range(least):
                result = self.sequence(items, result)
            return result
        if op is constants.AT and argument is constants.AT_END:
            return self.emit(("end", following))
        raise ValueError(f"a pattern uses {op} {argument}, which this script does not know")

    def digit_sets(self):
        return {
            key: frozenset(i for i, digit in enumerate(DIGITS) if leaf_pattern(*leaf).fullmatch(digit))
            for key, leaf in self.leaves.items()
        }

    def closure(self, pcs):
        """Every test and match reachable without a character; order does not matter. `$` counts as true."""
        seen, stack, result = set(), list(pcs), set()
        while stack:
            pc = stack.pop()
            if pc in seen:
                continue
            seen.add(pc)
            instruction = self.code[pc]
            if instruction[0] == "split":
                stack += instruction[1:]
            elif instruction[0] == "save":
                stack.append(instruction[2])
            elif instruction[0] == "end":
                stack.append(instruction[1])
            else:
                result.add(pc)
        return frozenset(result)


class MatchGraph:
    """Nodes are (accepts, ten following nodes). Node 0 accepts nothing."""

    def __init__(self):
        self.nodes = [(False, (0,) * 10)]
        self.index = {self.nodes[0]: 0}
        self.built = {}

    def node(self, accepts, following):
        key = (bool(accepts), tuple(following))
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(key)
        return self.index[key]

    def build(self, pattern):
        if pattern in self.built:
            return self.built[pattern]
        program = Program(pattern)
        sets = program.digit_sets()
        memo = {}

        def visit(states):
            if not states:
                return 0
            if states not in memo:
                following = [visit(step(program, sets, states, digit)) for digit in range(10)]
                memo[states] = self.node(any(program.code[pc][0] == "match" for pc in states), following)
            return memo[states]

        self.built[pattern] = visit(program.closure([program.start]))
        return self.built[pattern]

    def limited(self, node, lengths):
        """The strings of `node` that have one of the lengths; all, if none is given."""
        if not lengths:
            return node
        memo = {}

        def visit(node, depth):
            if node == 0 or depth > max(lengths):
                return 0
            key = (node, depth)
            if key not in memo:
                accepts, following = self.nodes[node]
                memo[key] = self.node(accepts and depth in lengths, [visit(n, depth + 1) for n in following])
            return memo[key]

        return visit(node, 0)

    def combined(self, left, right, rule):
        memo = {}

        def visit(left, right):
            if left == 0 and right == 0:
                return 0
            key = (left, right)
            if key not in memo:
                one, other = self.nodes[left], self.nodes[right]
                memo[key] = self.node(rule(one[0], other[0]), [visit(a, b) for a, b in zip(one[1], other[1])])
            return memo[key]

        return visit(left, right)

    def union(self, left, right):
        return self.combined(left, right, lambda a, b: a or b)

    def intersection(self, left, right):
        return self.combined(left, right, lambda a, b: a and b)

    def beginning(self, node, pattern, wanted):
        """The strings of `node` that begin with `pattern` (wanted), or that do not."""
        program = Program(pattern)
        sets = program.digit_sets()
        memo = {}

        def visit(node, states):
            if any(program.code[pc][0] == "match" for pc in states):
                return node if wanted else 0
            if node == 0 or (wanted and not states):
                return 0
            key = (node, states)
            if key not in memo:
                accepts, following = self.nodes[node]
                children = [visit(n, step(program, sets, states, d)) for d, n in enumerate(following)]
                memo[key] = self.node(accepts and not wanted, children)
            return memo[key]

        return visit(node, program.closure([program.start]))

    def renumbered(self, starts):
        """The nodes reachable from `starts`, accepting ones first: (following nodes, number of accepting, old to new)."""
        order, seen, stack = [], {0}, list(reversed(starts))
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                order.append(node)
                stack += reversed(self.nodes[node][1])
        accepting = [n for n in order if self.nodes[n][0]]
        numbering = {0: 0}
        for node in accepting + [n for n in order if not self.nodes[n][0]]:
            numbering[node] = len(numbering)
        rows = [tuple(numbering[n] for n in self.nodes[old][1]) for old in numbering]
        return rows, len(accepting), numbering


def step(program, sets, states, digit):
    return program.closure([program.code[pc][2] for pc in states
                            if program.code[pc][0] == "test" and digit in sets[program.code[pc][1]]])


class PrefixGraph:
    """Nodes are (outcome, outcome if the string ends here, ten following nodes). Node 0 is where nothing can follow.

    Outcomes: 0 no match, 1 a match, 2 + n a match whose wanted group spans `spans[n]`. The match that counts is the last
    one seen on the way: as in RE2, what has less priority than a match is dropped with it.
    """

    def __init__(self):
        self.nodes = [(0, 0, (0,) * 10)]
        self.index = {self.nodes[0]: 0}
        self.spans = []

    def build(self, pattern, last_group=None, wanted_group=None):
        captures = last_group is not None
        program = Program(pattern, captures=captures)
        sets = program.digit_sets()
        slots = (None,) * (2 * re.compile(pattern).groups)
        memo = {}

        def follow(pc, saved, position, at_end, seen, result):
            if pc in seen:
                return
            seen.add(pc)
            instruction = program.code[pc]
            if instruction[0] == "split":
                follow(instruction[1], saved, position, at_end, seen, result)
                follow(instruction[2], saved, position, at_end, seen, result)
            elif instruction[0] == "save":
                slot = instruction[1]
                follow(instruction[2], saved[:slot] + (position,) + saved[slot + 1:], position, at_end, seen, result)
            elif instruction[0] == "end" and at_end:
                follow(instruction[1], saved, position, at_end, seen, result)
            else:
                result.append((pc, saved))

        def advance(threads, position, at_end=False):
            seen, result = set(), []
            for pc, saved in threads:
                follow(pc, saved, position, at_end, seen, result)
            for place, (pc, _) in enumerate(result):
                if program.code[pc][0] == "match":
                    return tuple(result[:place + 1])
            return tuple(result)

        def outcome(threads):
            for pc, saved in threads:
                if program.code[pc][0] == "match":
                    if not captures or saved[2 * last_group - 1] is None:
                        return 1
                    span = (saved[2 * wanted_group - 2], saved[2 * wanted_group - 1])
                    span = (0, 0) if span[1] is None else span
                    if span not in self.spans:
                        self.spans.append(span)
                    return 2 + self.spans.index(span)
            return 0

        def visit(threads, position):
            if not threads:
                return 0
            key = (threads, position if captures else 0)
            if key not in memo:
                following = []
                for digit in range(10):
                    moved = [(program.code[pc][2], saved) for pc, saved in threads
                             if program.code[pc][0] == "test" and digit in sets[program.code[pc][1]]]
                    following.append(visit(advance(moved, position + 1), position + 1))
                node = (outcome(threads), outcome(advance(threads, position, at_end=True)), tuple(following))
                if node not in self.index:
                    self.index[node] = len(self.nodes)
                    self.nodes.append(node)
                memo[key] = self.index[node]
            return memo[key]

        return visit(advance([(program.start, slots)], 0), 0)


class TextAutomaton:
    """`rows[state][class]` is the following state, `accepting[state]` whether the string may end; state 0 is dead, 1 the start."""

    def __init__(self, program, classes):
        """`classes`: per class, the set of leaf keys that accept its characters."""
        table, accepting = self.determinised(program, classes)
        self.rows, self.accepting = self.minimised(table, accepting)

    @staticmethod
    def determinised(program, classes):
        numbering, table = {frozenset(): 0}, []
        start = program.closure([program.start])
        numbering[start] = 1
        order = [frozenset(), start]
        while len(table) < len(order):
            states = order[len(table)]
            row = []
            for leaves in classes:
                following = program.closure([program.code[pc][2] for pc in states
                                             if program.code[pc][0] == "test" and program.code[pc][1] in leaves])
                if following not in numbering:
                    numbering[following] = len(order)
                    order.append(following)
                row.append(numbering[following])
            table.append(row)
        return table, [any(program.code[pc][0] == "match" for pc in states) for states in order]

    @staticmethod
    def minimised(table, accepting):
        block = [int(a) for a in accepting]
        count = len(set(block))
        while True:
            index = {}
            refined = [index.setdefault((block[i], tuple(block[n] for n in row)), len(index))
                       for i, row in enumerate(table)]
            if len(index) == count:
                break
            block, count = refined, len(index)
        # The dead state and the start keep their numbers, the others follow as they are met.
        numbering, order = {block[0]: 0, block[1]: 1}, [0, 1]
        for state in order:
            for following in table[state]:
                if block[following] not in numbering:
                    numbering[block[following]] = len(order)
                    order.append(following)
        rows = [[numbering[block[n]] for n in table[state]] for state in order]
        return rows, [accepting[state] for state in order]
