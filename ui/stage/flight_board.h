#pragma once

#include <deque>
#include <map>
#include <tuple>
#include <vector>

#include "lab/snapshot.h"
#include "stage/link_routes.h"
#include "stage/motion.h"
#include "world/trace.h"

namespace streamscope::ui {

/// A message as it is shown: one, or several that left on the same link at nearly the same moment.
struct Flight {
  world::Address from, to;
  protocol::ApiKey api{};
  Traffic traffic{};
  bool isResponse = false;
  bool carriesRecords = false;
  bool failed = false;
  /// Lost on the way: ends in the middle.
  bool dropped = false;
  base::TopicPartition partition{};
  base::VirtualTime sent{}, due{};
  FlightShow show{};
  int32_t messages = 1;
  world::EventId event = 0;
  /// The request's event, for a response too; chooses a lane where a message is about several partitions.
  world::EventId request = 0;
};

/// A change worth a flash: a new leader, an ISR that grew or shrank.
struct Flash {
  base::BrokerId broker = base::kNoBroker;
  base::TopicPartition partition{};
  WallMs happened = 0;
};

/// Turns the trace into what moves on the stage. It keeps the order of causes: an answer is shown to leave when its
/// request has been shown to arrive, even when both took a thousandth of that time. It thins: on each link one dot per
/// kind every `kSpacingMs`, the others add to its count; what carries no records is thinned more. Bounded in every way.
class FlightBoard {
 public:
  static constexpr WallMs kSpacingMs = 110;
  static constexpr WallMs kSpacingQuietMs = 700;
  static constexpr size_t kFlightsMax = 400;
  static constexpr size_t kRequestsMax = 8192;

  /// @param speed virtual seconds for each second of wall time, 0 while paused
  /// @param now   wall time that `virtualNow` corresponds to
  void take(const std::vector<world::TraceEvent>& events, base::VirtualTime virtualNow, double speed, WallMs now);
  /// Forgets what has been shown.
  void expire(WallMs now, base::VirtualTime virtualNow);

  const std::deque<Flight>& flights() const { return m_flights; }
  const std::deque<Flash>& flashes() const { return m_flashes; }
  /// Something moves or fades: the stage must be painted again though no snapshot came.
  bool isBusy() const { return !m_flights.empty() || !m_flashes.empty(); }

 private:
  struct LinkKey {
    world::Address from, to;
    Traffic traffic{};
    bool isResponse = false;
    auto operator<=>(const LinkKey&) const = default;
  };
  struct LastShown {
    WallMs begin = -1e9;
    world::EventId event = 0;
  };

  void addFlight(Flight flight, const world::TraceEvent& event, WallMs begin);
  WallMs shownAt(world::EventId event) const;
  void remember(world::EventId event, WallMs shown);

  std::deque<Flight> m_flights;
  std::deque<Flash> m_flashes;
  std::map<LinkKey, LastShown> m_lastShown;
  /// Requests without a response yet, by client, server and correlation id.
  struct Asked {
    world::EventId event = 0;
    base::TopicPartition partition;
  };
  std::map<std::tuple<world::Address, world::Address, int32_t>, Asked> m_asked;
  /// When the latest events are shown to happen, by event id modulo its size.
  struct Shown {
    world::EventId event = 0;
    WallMs at = 0;
  };
  std::vector<Shown> m_shown{std::vector<Shown>(1 << 14)};
  double m_speed = 1;
};

}  // namespace streamscope::ui
