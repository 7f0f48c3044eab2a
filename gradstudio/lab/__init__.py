"""Teaching labs: exercises on the canvas, honest grading, a gradebook. Runs without Qt.

A teacher writes an exercise (`.gradlab`) and its key (`.gradkey`):

>>> from gradstudio import resources
>>> from gradstudio.lab import exercise, session
>>> lab = exercise.load(resources.path("labs", "xyz.gradlab"))
>>> list(lab.items)
['forward', 'backward']

A student's id gives the numbers. `begin` opens the exercise: a session, and the graph to show. The
window works on the session, which is a value as graphs are:

>>> mine, graph = session.begin(lab, "20240001", "Li Lei")
>>> [blank.label for blank in mine.blanks("forward")]
['q', 'f']
>>> sorted(mine.task.locked)
['f', 'q', 'x', 'y', 'z']

What is typed goes into blanks, as text. `check` judges one item, as far as that can be done without
the key, and says the first thing that is wrong; what is no number costs no attempt:

>>> wrong, feedback = mine.enter("forward", "q", "three").check("forward", graph)
>>> feedback.counted, [one.say() for one in feedback.said]
(False, ['q: “three” is no number.', 'This did not cost an attempt.'])

What an item hides (`Item.hidden`) is for the window to keep out of sight until the item is right or
its answer kept: `keep` lets it stand for good.

>>> mine.exercise.items["backward"].hidden
'gradients'
>>> kept, judgement = wrong.keep("forward", graph)
>>> kept.kept("forward"), judgement.right
(True, False)

`attempts_left`, `next_hint` and `take_hint` do what they say; `save` writes the submission, a graph
file with the answers in it, and `resume` goes on with one. Each `Blank` says at which node, or at
which edge (`node` and `port`), it stands; each `Part` of a `Judgement` likewise. Messages are
`GradStudioError`s, which are said in the reader's language as everywhere.

`judging.judge` judges one submission with the key, `grader.grade` a class of them, each in a
limited process of its own; `gradebook` and `report` write down what came of it.
"""
