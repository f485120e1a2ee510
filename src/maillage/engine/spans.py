"""Spans of time: half-open (start, end) pairs of anything that can be compared, be it datetimes or numbers."""


def merged(spans):
    """The same time as disjoint spans in order: those that overlap or touch become one."""
    result: list[tuple] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def in_common(left, right):
    """The time that two merged lists of spans share, merged too."""
    result: list[tuple] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            result.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return result


def minus(spans, taken):
    """The time of ``spans`` that none of ``taken`` takes, merged."""
    result: list[tuple] = []
    busy = merged(taken)
    for start, end in merged(spans):
        for begins, ends in busy:
            if begins < end and start < ends:
                if start < begins:
                    result.append((start, begins))
                start = max(start, ends)
        if start < end:
            result.append((start, end))
    return result
