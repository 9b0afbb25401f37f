#pragma once

#include <cstdint>
#include <string_view>

namespace streamscope::coordinator {

/// Where a classic group is in its rebalance (Kafka: ClassicGroupState).
///
///   Empty <------ PreparingRebalance --all joined--> CompletingRebalance --assignment written--> Stable
///     `--joins-----^ ^  ^----------- joins, leaves, expires --------'                              |
///                    '-------------- joins, leaves, expires --------------------------------------'
///   any --deleted or moved away--> Dead
enum class ClassicGroupState : uint8_t { Empty, PreparingRebalance, CompletingRebalance, Stable, Dead };

constexpr std::string_view nameOf(ClassicGroupState state) {
  switch (state) {
    case ClassicGroupState::Empty:
      return "Empty";
    case ClassicGroupState::PreparingRebalance:
      return "PreparingRebalance";
    case ClassicGroupState::CompletingRebalance:
      return "CompletingRebalance";
    case ClassicGroupState::Stable:
      return "Stable";
    case ClassicGroupState::Dead:
      break;
  }
  return "Dead";
}

constexpr bool mayFollow(ClassicGroupState from, ClassicGroupState to) {
  using enum ClassicGroupState;
  switch (to) {
    case Empty:
    case CompletingRebalance:
      return from == PreparingRebalance;
    case PreparingRebalance:
      return from == Stable || from == CompletingRebalance || from == Empty;
    case Stable:
      return from == CompletingRebalance;
    case Dead:
      break;
  }
  return true;
}

}  // namespace streamscope::coordinator
