"""Words that a question has because it is a question; they find nothing."""

from __future__ import annotations

from index.tokens import terms

_WORDS = """
a about above after again against all also am an and any are as at be because been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how i if in
into is it its itself just me more most my no nor not of off on once only or other our out over own please same she should
so some such tell than that the their them then there these they this those through to too under until up very was we were
what when where which while who whom whose why will with would you your give name list explain describe mention according
exactly whether many much
và của là các có cho trong với được về những này đó từ đến như khi nào gì ai đâu sao thế bao nhiêu ở tại vào do bởi thì mà
không hãy cho biết một vậy hay ra rằng theo để trên
"""
_HAN = """
什么 甚么 哪里 哪儿 哪些 哪个 哪几 哪一 哪国 几个 多少 为何 为什 怎么 怎样 如何 是否 有没 没有 请问 请列 列出 谁是 是谁 是什 么是 何时 何地
什么时 么时 时候 吗 呢 的 了 是 在 有 和 与 都 被 把 对 就 也 之 这个 那个 一下 告诉 诉我 我想 想知 知道 关于 根据 介绍
在哪 里举 是在 都有 有哪 了哪 了什 是哪 在什 于什 了多 是多 有多 共有
"""
_THAI = """
อะไร ที่ไหน เมื่อไร เมื่อใด อย่างไร ทำไม ใคร กี่ เท่าไร เท่าไหร่ ไหน ไหม หรือไม่ บ้าง ของ และ ใน ที่ เป็น มี จาก โดย ให้ ได้ ว่า กับ คือ
"""
FUNCTION_TERMS = frozenset(term for word in (_WORDS + _HAN + _THAI).split() for term in terms(word))
