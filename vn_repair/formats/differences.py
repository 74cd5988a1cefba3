"""The smallest word-by-word difference of two texts, as changes that give the one from the other exactly."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from vn_repair.evaluate.edits import TOKEN, Change

WORD = regex.compile(r"[\w\p{M}]+")
MOVED_OVER = 7  # tokens: three words and the space around them


def apply_changes(text: str, changes: Sequence[Change]) -> str:
    """`text` with sorted, disjoint changes applied."""
    out, at = [], 0
    for change in changes:
        out += [text[at : change.start], change.text]
        at = change.end
    return "".join([*out, text[at:]])


def differences(source: str, target: str) -> list[Change]:
    """Changes of whole words, in order, with `apply_changes(source, ...) == target`.

    Shortest edit script over words, marks and runs of white space; changes with nothing but white space between them
    are one, and so are two with at most three words between them if a word of the one moved to the other. Offsets into
    `source`; a change may be empty on either side (insertion, deletion).
    """
    from rapidfuzz.distance import Levenshtein

    a = [m.group() for m in TOKEN.finditer(source)]
    b = [m.group() for m in TOKEN.finditer(target)]
    blocks: list[list[int]] = []  # source tokens i:j became target tokens k:m
    for op in Levenshtein.opcodes(a, b):
        if op.tag == "equal":
            continue
        last = blocks[-1] if blocks else None
        if last and all(token.isspace() for token in a[last[1] : op.src_start]):
            last[1], last[3] = op.src_end, op.dest_end
        else:
            blocks.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    _slide(a, b, blocks)
    blocks = _with_moves(a, b, blocks)
    starts = [0]
    for token in a:
        starts.append(starts[-1] + len(token))
    return [Change(starts[i], starts[j], "".join(b[k:m])) for i, j, k, m in blocks]


def _slide(a: Sequence[str], b: Sequence[str], blocks: Sequence[list[int]]) -> None:
    """Move what is only deleted or only inserted off the mark that ends the words before it.

    In “Xong. Xem thêm.” not “. Xem thêm” goes but “ Xem thêm.”; both are one edit script.
    """
    for number, block in enumerate(blocks):
        i, j, k, m = block
        limit = blocks[number + 1][0] if number + 1 < len(blocks) else len(a)
        while j < limit and (i == j) != (k == m):
            first, following = (a[i], a[j]) if k == m else (b[k], a[j])
            if first != following or first.isspace() or WORD.fullmatch(first):
                break
            i, j, k, m = i + 1, j + 1, k + 1, m + 1
        block[:] = i, j, k, m


def _with_moves(a: Sequence[str], b: Sequence[str], blocks: Sequence[list[int]]) -> list[list[int]]:
    """The blocks (source tokens i:j became target tokens k:m), the two ends of a move as one."""
    out: list[list[int]] = []
    for block in blocks:
        i, j, k, m = block
        if out and i - out[-1][1] <= MOVED_OVER:
            first = out[-1]
            taken, put = set(a[first[0] : first[1]]), set(b[first[2] : first[3]])
            moved = (taken & set(b[k:m])) | (put & set(a[i:j]))
            if any(WORD.fullmatch(token) for token in moved):
                first[1], first[3] = j, m
                continue
        out.append([i, j, k, m])
    return out
