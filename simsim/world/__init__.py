"""Who and what there is: pupils and teachers as columns, schools,
parts, purse, draws, rates, the log. Knows no rule.
"""
