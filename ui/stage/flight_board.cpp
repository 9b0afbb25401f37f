#include "stage/flight_board.h"

#include <algorithm>

namespace streamscope::ui {
namespace {

bool isQuiet(const Flight& flight) {
  if (flight.failed || flight.carriesRecords) return false;
  // An acknowledgement is news; a heartbeat or an empty fetch is not.
  return flight.traffic != Traffic::Produce;
}

}  // namespace

WallMs FlightBoard::shownAt(world::EventId event) const {
  const auto& slot = m_shown[event % m_shown.size()];
  return event != 0 && slot.event == event ? slot.at : -1e9;
}

void FlightBoard::remember(world::EventId event, WallMs shown) {
  m_shown[event % m_shown.size()] = {event, shown};
}

void FlightBoard::addFlight(Flight flight, const world::TraceEvent& event, WallMs begin) {
  const WallMs notBefore = shownAt(event.cause);
  flight.traffic = trafficOf(flight.api, flight.from, flight.to);
  flight.sent = event.time;
  flight.event = event.id;
  flight.show = showFlight(flight.sent, flight.due, m_speed, begin, notBefore);
  if (flight.show.begin - begin > kShownLateMsMax) return;
  // Whatever this message causes comes after it, shown or not.
  remember(event.id, flight.show.end);

  auto& last = m_lastShown[{flight.from, flight.to, flight.traffic, flight.isResponse}];
  const WallMs spacing = isQuiet(flight) ? kSpacingQuietMs : kSpacingMs;
  if (!flight.failed && flight.show.begin - last.begin < spacing) {
    const auto it = std::ranges::find(m_flights, last.event, &Flight::event);
    if (it != m_flights.end()) ++it->messages;
    return;
  }
  last = {flight.show.begin, event.id};
  if (m_flights.size() == kFlightsMax) m_flights.pop_front();
  m_flights.push_back(std::move(flight));
}

void FlightBoard::take(const std::vector<world::TraceEvent>& events, base::VirtualTime virtualNow, double speed,
                       WallMs now) {
  m_speed = speed;
  for (const auto& event : events) {
    const double virtualMs = static_cast<double>((virtualNow - event.time).count()) / 1000.0;
    const WallMs begin = speed > 0 ? now - virtualMs / speed : now;
    if (const auto* sent = std::get_if<world::RequestSent>(&event.payload)) {
      Flight flight{sent->from, sent->to, sent->api};
      flight.due = sent->due;
      flight.partition = sent->partition;
      flight.carriesRecords = sent->recordBytes > 0;
      flight.request = event.id;
      if (m_asked.size() >= kRequestsMax) m_asked.clear();
      m_asked[{sent->from, sent->to, sent->correlationId}] = {event.id, sent->partition};
      addFlight(std::move(flight), event, begin);
    } else if (const auto* response = std::get_if<world::ResponseSent>(&event.payload)) {
      Flight flight{response->from, response->to, response->api};
      flight.due = response->due;
      flight.isResponse = true;
      flight.carriesRecords = response->recordBytes > 0;
      flight.failed = response->errorCode != 0;
      // The way back is the way there.
      if (const auto asked = m_asked.extract({response->to, response->from, response->correlationId})) {
        flight.request = asked.mapped().event;
        flight.partition = asked.mapped().partition;
      }
      addFlight(std::move(flight), event, begin);
    } else if (std::holds_alternative<world::MessageDropped>(event.payload)) {
      const auto it = std::ranges::find(m_flights, event.cause, &Flight::event);
      if (it != m_flights.end()) it->dropped = true;
    } else if (const auto* changed = std::get_if<world::LeadershipChanged>(&event.payload)) {
      if (changed->isLeader) m_flashes.push_back({changed->node.id, changed->partition, begin});
    } else {
      // Everything else happens where its cause is shown to have arrived.
      const WallMs cause = shownAt(event.cause);
      if (cause > begin) remember(event.id, cause);
    }
  }
}

void FlightBoard::expire(WallMs now, base::VirtualTime virtualNow) {
  std::erase_if(m_flights, [&](const Flight& flight) {
    return flight.show.isTrue ? flight.due <= virtualNow : flight.show.end <= now;
  });
  std::erase_if(m_flashes, [&](const Flash& flash) { return flashStrength(flash.happened, now) <= 0; });
}

}  // namespace streamscope::ui
