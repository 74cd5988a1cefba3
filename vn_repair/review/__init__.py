"""The review page: a person goes through proposed repairs in a browser, on this machine alone.

`items` says what there is to decide, `store` keeps the decisions, `view` lays an article out, `app`
answers the browser, `exports` writes what came of it. Needs the extra `review`.
"""
