#include "shell/speed_scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace streamscope::ui {
namespace {

constexpr std::array<double, 11> kSpeeds{
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, std::numeric_limits<double>::infinity()};

}  // namespace

int speedPlaces() {
  return static_cast<int>(kSpeeds.size());
}

double speedAt(int place) {
  return kSpeeds[static_cast<size_t>(std::clamp(place, 0, speedPlaces() - 1))];
}

int placeOfSpeed(double speed) {
  if (std::isinf(speed)) return speedPlaces() - 1;
  int best = 0;
  for (int place = 0; place + 1 < speedPlaces(); ++place)
    if (std::abs(std::log(speedAt(place) / speed)) < std::abs(std::log(speedAt(best) / speed))) best = place;
  return best;
}

}  // namespace streamscope::ui
