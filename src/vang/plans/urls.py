"""Addresses of plans."""

from django.urls import path

from vang.plans.views import drafts, objectives, plans, reviews, tasks

app_name = "plans"
urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("new", plans.new, name="new"),
    path("import", drafts.bring, name="import"),
    path("drafts/<int:pk>", drafts.draft_page, name="draft"),
    path("drafts/<int:pk>/decide", drafts.decide, name="decide"),
    path("drafts/<int:pk>/drop", drafts.drop, name="drop-draft"),
    path("rows/<int:pk>", drafts.row_page, name="row"),
    path("rows/<int:pk>/split", drafts.split, name="split-row"),
    path("<int:pk>", plans.plan_page, name="plan"),
    path("<int:pk>/change", plans.change, name="change"),
    path("<int:pk>/board", plans.board, name="board"),
    path("<int:pk>/timeline", plans.timeline, name="timeline"),
    path("<int:pk>/recipients", plans.recipients, name="recipients"),
    path("<int:pk>/below", plans.below, name="below"),
    path("<int:pk>/reviews", reviews.review_list, name="reviews"),
    path("<int:pk>/adopt", plans.adopt, name="adopt"),
    path("<int:pk>/reopen", plans.reopen, name="reopen"),
    path("<int:pk>/close", plans.close, name="close"),
    path("<int:pk>/acknowledge", plans.acknowledge, name="acknowledge"),
    path("<int:pk>/derive", plans.derive, name="derive"),
    path("<int:pk>/objectives/new", objectives.new, name="new-objective"),
    path("<int:pk>/objectives/<int:objective_pk>", objectives.reached, name="objective"),
    path(
        "<int:pk>/objectives/<int:objective_pk>/change", objectives.change, name="change-objective"
    ),
    path("<int:pk>/objectives/<int:objective_pk>/end", objectives.end, name="end-objective"),
    path("<int:pk>/tasks/new", tasks.new, name="new-task"),
    path("tasks/<int:pk>", tasks.task_page, name="task"),
    path("tasks/<int:pk>/change", tasks.change, name="change-task"),
    path("tasks/<int:pk>/remove", tasks.remove, name="remove-task"),
    path("tasks/<int:pk>/progress", tasks.progress, name="progress"),
    path("tasks/<int:pk>/days/<int:day_pk>", tasks.mark, name="mark"),
    path("tasks/<int:pk>/proofs", tasks.prove, name="prove"),
    path("tasks/<int:pk>/proofs/<int:proof_pk>/remove", tasks.unprove, name="unprove"),
    path("tasks/<int:pk>/evidence", tasks.evidence, name="evidence"),
    path("tasks/<int:pk>/evidence/<int:evidence_pk>", tasks.file, name="evidence-file"),
    path("reviews/<int:pk>", reviews.review_page, name="review"),
    path("reviews/<int:pk>/refresh", reviews.refresh, name="refresh-review"),
    path("reviews/<int:pk>/finish", reviews.finish, name="finish-review"),
    path("reviews/<int:pk>/docx", reviews.as_word, name="review-docx"),
    path("reviews/<int:pk>/pdf", reviews.as_print, name="review-pdf"),
]
