"""Passwords that are tried first: the commonest of leaked lists that are long enough, and what is easily made up."""

import re

# Of published lists of the commonest passwords, those of ten characters and more; in lower case.
_COMMONEST = frozenset(
    """
    0123456789 0987654321 1029384756 1111111111 1122334455 1212121212 123123123123 1234512345 12345678910 1234567890
    12345678901 123456789012 123456789123 123456789a 123456789q 1234qwer1234 1234qwerasdf 147258369a 1q2w3e4r5t
    1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 3rjs1la7qe 987654321a a123456789 a1b2c3d4e5 aa12345678 abc1234567 abcd123456
    abcdefghij abcdefghijk administrator alexander1 asdf123456 asdfasdfasdf asdfghjkl1 asdfghjkl; asdfghjkl123
    assassin123 baseball123 basketball basketball1 bismillah1 blink182blink california carolina123 changeme123
    changemenow
    charlie123 chocolate1 christopher computer123 cristiano7 dragon1234 elizabeth1 everything facebook123 fitnessfitness
    football123 football1234 forever123 fuckyou123 godisgood1 hello12345 helloworld helloworld1 iloveyou12 iloveyou123
    iloveyou1234 iloveyousomuch internet123 jennifer12 jordan2323 justinbieber letmein123 letmeinnow liverpool1
    liverpoolfc login12345 loveyou123 manchester manchester1 manunited1 marathon123 master1234 michael123 minecraft1
    minecraft123 monkey1234 motdepasse motherfucker mypassword mypassword1 newpassword nothing123 p@ssw0rd123
    p@ssword123
    pa$$word123 pass123456 pass1234567 passpasspass passw0rd123 password00 password01 password10 password11 password12
    password123 password1234 password12345 password2020 password2021 password2022 password2023 password2024 password2025
    password2026 password99 passwordpassword passwort123 pokemon123 princess12 princess123 q1w2e3r4t5 q1w2e3r4t5y6
    qazwsxedcrfv qweasdzxc123 qwer123456 qwerasdfzxcv qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyuiop
    qwertyuiop1 qwertyuiop12 qwertyuiop123 realmadrid sebastian1 spiderman1 spiderman123 starwars123 sunshine12
    sunshine123 superman123 teamo12345 tinkerbell trustno1trustno1 unbelievable undertaker universal1 volleyball
    wachtwoord welcome123 welcome1234 welcome12345 whatever123 zaq12wsxcde3 zxcvbnm123 zxcvbnmasdf
    """.split()  # noqa: SIM905 (two hundred words read better so)
)
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "0123456789012345678901234567890", "qwertyuiopasdfghjklzxcvbnm")
_OF_HERE = ("paceline",)


def is_among_the_worst(password: str, username: str) -> bool:
    """Tell whether it is one of the commonest, one thing repeated, a run of keys, or a name with little more."""
    folded = password.casefold()
    if folded in _COMMONEST or re.fullmatch(r"(.{1,4})\1+.{0,3}", folded, re.DOTALL):
        return True
    if any(folded in run or folded in run[::-1] for run in _RUNS):
        return True
    letters = re.sub(r"[\W\d_]+", "", folded)
    names = [re.sub(r"[\W\d_]+", "", name.casefold()) for name in (username, *_OF_HERE)]
    return folded == username.casefold() or (len(letters) >= 3 and letters in names)
