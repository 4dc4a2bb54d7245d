"""Part 5, data into pandas: frames that say whether they are whole, and what can be read from them."""

from __future__ import annotations

from typing import Final

from leadping_nb.workshop.checks.data import check_chart, check_google, check_leads, check_mended, check_rates
from leadping_nb.workshop.exercise import Code, Exercise, Lesson, Slip

__all__ = ["DATA"]

DATA: Final = Lesson(
    number=5,
    name="data_into_pandas",
    title="Data into pandas",
    minutes=15,
    aims=(
        "load a list into a DataFrame, and know whether that is all of it",
        "let the server choose rows, and group them in pandas",
        "mend a load that was cut off, and draw a chart",
    ),
    blocks=(
        """\
## 1. All of it

`lp.connect` opens the API, and `api.frame(name)` loads a list. It comes in *pages*. `page_size` is how many
rows a page has; `limit` is how many rows you want at most. The *passport* of a frame says whether it is whole.""",
        Code("""\
api = lp.connect(sandbox)  # with its user token
few = api.frame("leads", limit=5)
print(few.attrs["leadping"]["complete"], few.attrs["leadping"]["reason"])"""),
        Exercise(
            names=("leads",),
            asks="""\
### Question 1

Load *all* leads in pages of 250 rows. Make `leads` that frame.""",
            starter="leads = ...  # a DataFrame",
            hints=(
                "Two options look alike: one counts the rows of a request, the other those of the frame.",
                "Without `limit` all rows come.",
                '`api.frame("leads", page_size=…)`',
            ),
            solution='leads = api.frame("leads", page_size=250)',
            other='leads = api.frame("leads", limit=50_000, page_size=250, order_by="-createdAt")',
            slips=(
                Slip('leads = api.frame("leads", limit=250)', "`leads` has 250 rows, and not all leads"),
                Slip('leads = api.frame("leads")', "pages of another size"),
                Slip('leads = list(api.rows("leads"))', "`leads` is of type list"),
                Slip('leads = lp.to_frame(list(api.rows("leads")))', "`leads` has no passport"),
            ),
            check=check_leads,
            insight="A frame without a limit is all there is, or says why not. Nothing stops at the first page.",
        ),
        """\
## 2. Let the server choose

`filters` names a value that a field must have, such as `filters={"status": "New"}`. Then only those rows
travel.""",
        Exercise(
            names=("google",),
            asks="""\
### Question 2

Load the leads of the source google, and no others: the field is `sourceName`. Make `google` that frame.""",
            starter="google = ...  # a DataFrame",
            hints=(
                "A frame that holds all leads and is cut down in pandas has loaded all of them. Ask for less instead.",
                "`filters` is a dict: the field, and the value that it must have.",
                '`api.frame("leads", filters={"sourceName": …})`',
            ),
            solution='google = api.frame("leads", filters={"sourceName": "google"})',
            other="""\
with lp.connect(sandbox.business_key, base_url=sandbox.url) as other:
    google = other.frame("leads", filters={"sourceName": "google"}, page_size=50)""",
            slips=(
                Slip('google = api.frame("leads", page_size=250)', "`google` holds leads of other sources"),
                Slip(
                    'google = api.frame("leads")\ngoogle = google[google["sourceName"] == "google"]',
                    "`google` holds the right rows",
                ),
                Slip(
                    'google = api.frame("leads", filters={"sourceName": "google"}, limit=20)',
                    "`google` lacks some leads",
                ),
                Slip('google = api.pages("leads", filters={"sourceName": "google"})', "`google` is of type generator"),
            ),
            check=check_google,
            insight=(
                "For a thousand leads it hardly matters, for a million it is the difference between seconds and an"
                " hour."
            ),
        ),
        """\
## 3. Which source converts?

A lead is sold if its `currentDisposition.category` is `"Converted"`; with no status yet that is missing. Which
share of each source's leads was sold?""",
        Code("""\
everything = api.frame("leads", page_size=500)
everything["currentDisposition.category"].value_counts(dropna=False)"""),
        Exercise(
            names=("rates",),
            asks="""\
### Question 3

Make `rates` the share of leads that converted, for each `sourceName`: a Series or a dict of fractions, such as
0.5 for one half. Every lead counts, also one without a status.""",
            starter="rates = ...  # source: share",
            hints=(
                (
                    'A condition gives a column of true and false: `everything["currentDisposition.category"] =='
                    ' "Converted"`.'
                ),
                "The mean of true and false is the share of true.",
                '`sold.groupby(everything["sourceName"]).mean()`, where `sold` is that column.',
            ),
            solution="""\
sold = everything["currentDisposition.category"] == "Converted"
rates = sold.groupby(everything["sourceName"]).mean()""",
            other="""\
table = everything.assign(sold=everything["currentDisposition.category"].eq("Converted"))
rates = (100 * table.groupby("sourceName")["sold"].mean()).to_dict()""",
            slips=(
                Slip(
                    'sold = everything["currentDisposition.category"] == "Converted"\n'
                    'rates = sold.groupby(everything["sourceName"]).sum() / 1.0',
                    "It is a number of leads",
                ),
                Slip(
                    'known = everything.dropna(subset="currentDisposition.category")\n'
                    'sold = known["currentDisposition.category"] == "Converted"\n'
                    'rates = sold.groupby(known["sourceName"]).mean()',
                    "also one that has no status yet",
                ),
                Slip('rates = {"google": 0.15}', "`rates` has no entry for"),
                Slip("rates = 0.1", "A dict is asked for"),
            ),
            check=check_rates,
            insight="Leaving out leads without a status would flatter the sources whose leads nobody has looked at.",
        ),
        """\
## 4. Cut off

Here the server fails after two pages. What came is kept, a warning says that it is not all, and so does the
frame.""",
        Code("""\
with sandbox.faults.on("server_error", after=2):
    cut = api.frame("leads", page_size=250)
print(len(cut), "rows are kept")"""),
        Exercise(
            names=("mended",),
            asks="""\
### Question 4

The fault is over. Make `mended` a frame of all leads, each once. What is in `cut` need not be loaded again.""",
            starter="mended = ...  # a DataFrame",
            hints=(
                "The passport of `cut` knows the place where the load stopped. Something can go on from there.",
                "`api.resume` takes such a frame.",
            ),
            solution="mended = api.resume(cut)",
            other="""\
with lp.connect(sandbox.business_key, base_url=sandbox.url) as other:
    mended = other.resume(cut)""",
            slips=(
                Slip("mended = cut", "`mended` has 500 rows, and not all leads"),
                Slip('mended = api.frame("leads", limit=500)', "`mended` has 500 rows"),
                Slip(
                    "import pandas as pd\nmended = pd.concat([cut, cut])\nmended.attrs = cut.attrs",
                    "of them came twice",
                ),
                Slip("mended = api.resume", "`mended` is of type method"),
            ),
            check=check_mended,
            insight="Also with another credential, and also tomorrow: the place to go on from is in the frame.",
        ),
        """\
## 5. A picture

`lp.charts` draws what people would rather look at than read: `funnel`, `leads_by`, `leads_over_time` and more.
Each takes a frame. Tab after `lp.charts.` shows them all.""",
        Exercise(
            names=("chart",),
            asks="""\
### Question 5

Draw how many leads came from each source, of the frame `everything`. Make `chart` that chart; run `chart` in a
cell to see it.""",
            starter="chart = ...  # of lp.charts",
            hints=(
                "Leads *by* something is what you want.",
                "`lp.charts.leads_by(frame, by)`: by what?",
                '`lp.charts.leads_by(everything, "…")`, with source in the place of the dots.',
            ),
            solution='chart = lp.charts.leads_by(everything, "source")',
            other='chart = lp.charts.leads_by(everything, by="sourceName")',
            slips=(
                Slip("chart = lp.charts.leads_by(everything)", "`chart` shows something else"),
                Slip('chart = lp.charts.leads_by(cut, "source")', "`chart` shows the right thing of other leads"),
                Slip('chart = everything["sourceName"].value_counts()', "`chart` is of type Series"),
                Slip("chart = lp.charts.funnel(everything)", "`chart` shows something else"),
            ),
            check=check_chart,
            insight=(
                "It carries its numbers as text, so it can be read out too, and it would say if the frame were not"
                " whole."
            ),
        ),
    ),
    seen=(
        "Frames with a passport, whole or not.",
        "Rows chosen by the server, and shares worked out in pandas.",
        "A load that was cut off and mended, and a chart.",
    ),
    further="Last comes what to do when nothing works: [part 6](part_6_when_things_go_wrong.ipynb).",
)
