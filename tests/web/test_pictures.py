"""Routes and curves as SVG: inside their box, true to scale, for any data. Pure."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from paceline_server.analysis.polyline import decode_polyline, encode_polyline
from paceline_server.pages.route_picture import draw_route, nice_step
from paceline_server.pages.sparkline import sparkline

points = st.lists(st.tuples(st.floats(-85, 85), st.floats(-180, 180)), min_size=2, max_size=50)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", path)]


def test_the_known_polyline_is_decoded() -> None:
    assert decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@", 400) == [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]


@given(st.text(max_size=60))
def test_any_text_decodes_to_points_without_failing(text: str) -> None:
    assert all(len(point) == 2 for point in decode_polyline(text, 400))


@given(points, st.integers(2, 60))
def test_what_was_encoded_is_decoded_and_thinned_with_both_ends(route: list[tuple[float, float]], most: int) -> None:
    text = encode_polyline(*np.array(route).T)
    whole = decode_polyline(text, 1000)
    near = [point for point, last in zip(route, [None, *route], strict=False) if point != last]
    assert len(whole) <= len(near)
    assert np.allclose([whole[0], whole[-1]], [route[0], route[-1]], atol=0.6e-5)
    thinned = decode_polyline(text, most)
    assert len(thinned) <= most + 1
    assert set(thinned) <= set(whole) and (thinned[0], thinned[-1]) == (whole[0], whole[-1])


@given(points)
def test_a_route_lies_inside_its_box(route: list[tuple[float, float]]) -> None:
    picture = draw_route(route, 100, 140, 10)
    assert picture is not None
    values = numbers(picture.path)
    assert all(9.9 <= x <= 90.1 for x in values[::2])
    assert all(9.9 <= y <= 130.1 for y in values[1::2])
    assert len(picture.columns) <= 12
    assert len(picture.rows) <= 12


def test_north_is_up_and_a_square_on_the_ground_is_a_square() -> None:
    side = 0.01
    picture = draw_route([(60, 10), (60 + side, 10), (60 + side, 10 + 2 * side)], 100, 100, 10)
    assert picture is not None
    x0, y0, x1, y1, x2, y2 = numbers(picture.path)[:6]
    assert x0 == x1
    assert y1 < y0
    assert abs((y0 - y1) - (x2 - x1)) < 0.5
    assert y1 == y2


def test_one_point_is_no_route() -> None:
    assert draw_route([(46, 7)], 100, 100, 10) is None


def test_a_route_over_the_date_line_is_drawn_in_one_piece() -> None:
    picture = draw_route([(0, 179.99), (0, -179.99)], 100, 100, 10)
    assert picture is not None
    assert picture.step_m < 5000


@given(st.floats(1, 1e7))
def test_a_grid_step_is_nice_and_not_below(value: float) -> None:
    step = nice_step(value)
    assert value * 0.999 <= step <= value * 10
    assert f"{step:.0e}"[0] in "125"


@given(st.lists(st.none() | st.floats(-1e4, 1e4), max_size=2000))
def test_a_curve_lies_inside_its_box(values: list[float | None]) -> None:
    drawn = sparkline(values, 600, 92)
    if drawn is None:
        assert len([value for value in values if value is not None]) < 2 or len(values) > 240
        return
    drawn_numbers = numbers(drawn.path)
    assert all(0 <= x <= 600 for x in drawn_numbers[::2])
    assert all(0 <= y <= 92 for y in drawn_numbers[1::2])
    assert drawn.low <= drawn.high


def test_a_missing_stretch_breaks_the_curve() -> None:
    drawn = sparkline([1, 2, None, 3, 4], 600, 92)
    assert drawn is not None
    assert drawn.path.count("M") == 2
