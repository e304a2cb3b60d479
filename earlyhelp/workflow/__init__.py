"""What a change of state is: one function that may only be called from certain states, by those whom a rule allows.

The page, the API and the scheduler all call the same function; the buttons on a page and the ``moves`` of the API are
read from the same registry.
"""
