"""What is copied as it is: addresses, code, file names; and what stands in quotation marks or brackets."""

from __future__ import annotations

import re

# Copied letter for letter and never translated: addresses, hashtags, handles, code, file names, mark-up.
VERBATIM = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+|[#@][\w.]+|`[^`\n]*`|<[^<>\n]{1,200}>|&[a-zA-Z]{2,8};"
    r"|\b\w[\w-]*(?:\.\w[\w-]*)*\.(?:vn|com|net|org|gov|edu|info|pdf|docx?|xlsx?|jpe?g|png|html?)\b[^\s,;)]*"
    r"|\b[\w-]*[A-Za-z]\d[\w-]*|\b\w*_\w+"
)
# Quoted, bracketed or emphasised words on one line.
ENCLOSED = re.compile(r"“[^“”\n]*”|\"[^\"\n]*\"|‘[^‘’\n]*’|«[^«»\n]*»|\([^()\n]*\)|\[[^\[\]\n]*\]"
                         r"|\*[^*\n]+\*|(?<!\w)_[^_\n]+_(?!\w)|(?<!\w)'[^'\n]*'(?!\w)")
# A cheap first look for the above.
VERBATIM_HINT = re.compile(r"[@#`<&_]|://|www|\.[a-z]|[A-Za-z]\d")
