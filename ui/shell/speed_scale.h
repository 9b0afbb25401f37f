#pragma once

namespace streamscope::ui {

/// The places of the speed slider: 0.1x, 0.2x, 0.5x, 1x, ... 100x and, last, as fast as it goes (infinity).
int speedPlaces();
double speedAt(int place);
/// The place nearest to a speed.
int placeOfSpeed(double speed);

}  // namespace streamscope::ui
