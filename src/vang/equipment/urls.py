from django.urls import path

from vang.equipment.views import bringing, devices, mapping, places, register, station

app_name = "equipment"

urlpatterns = [
    path("", register.place_list, name="list"),
    path("devices", register.device_list, name="devices"),
    path("devices.<str:form>", register.download, name="download"),
    path("example", register.example, name="example"),
    path("map", mapping.page, name="map"),
    path("map/points", mapping.points, name="points"),
    path("map/boundary", mapping.boundary, name="boundary"),
    path("map/settings", mapping.settings, name="ground"),
    path("station", station.station, name="station"),
    path("station/describe", station.describe, name="describe"),
    path("segments/new", station.new_segment, name="new-segment"),
    path("segments/<int:pk>", station.segment, name="segment"),
    path("segments/<int:pk>/change", station.change_segment, name="change-segment"),
    path("segments/<int:pk>/end", station.end_segment, name="end-segment"),
    path("places/new", places.new, name="new-place"),
    path("places/<int:pk>", places.place, name="place"),
    path("places/<int:pk>/change", places.change, name="change-place"),
    path("places/<int:pk>/end", places.end, name="end-place"),
    path("places/<int:pk>/enrol", places.enrol, name="enrol"),
    path("devices/new", devices.new, name="new-device"),
    path("devices/<int:pk>", devices.device, name="device"),
    path("devices/<int:pk>/change", devices.change, name="change-device"),
    path("devices/<int:pk>/put-up", devices.put_up, name="put-up"),
    path("devices/<int:pk>/store", devices.store, name="store"),
    path("devices/<int:pk>/lend", devices.lend, name="lend"),
    path("devices/<int:pk>/take-back", devices.take_back, name="take-back"),
    path("devices/<int:pk>/retire", devices.retire, name="retire"),
    path("bring", bringing.bring, name="bring"),
    path("bring/<int:pk>", bringing.brought, name="brought"),
    path("bring/<int:pk>/confirm", bringing.confirm, name="confirm"),
]
