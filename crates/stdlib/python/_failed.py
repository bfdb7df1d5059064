"""What a hole raises that nobody could fill. It stands alone so that a program that only calls tools loads nothing else."""

import _emulant


class HoleError(_emulant.AskFailed):
    """No answer passed: what was asked, what came and why it was not good enough."""

    __module__ = '_holes'

    def __init__(self, asked, answers=()):
        self.asked = asked
        self.answers = list(answers)
        lines = [f'{asked}: {len(self.answers)} answers did not pass']
        for answer, reason in self.answers:
            lines.append(f'  {_short(answer)}: {reason}')
        lines.append('nothing was changed; take another model (--model), loosen the check, or catch HoleError')
        super().__init__('\n'.join(lines))


def _short(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + '...'
