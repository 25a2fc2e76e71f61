from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "vang.review"
    label = "review"
