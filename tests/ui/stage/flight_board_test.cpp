#include "stage/flight_board.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;
using namespace std::chrono_literals;
using protocol::ApiKey;

namespace {

const auto kClient = world::clientAddress(1);
const auto kLeader = world::brokerAddress(1);
const auto kFollower = world::brokerAddress(2);
const base::VirtualTime kStart(10s);

world::TraceEvent request(world::EventId id, base::Duration at, world::Address from, world::Address to, ApiKey api,
                          uint32_t bytes = 100, world::EventId cause = 0) {
  return {id, cause, kStart + at, world::RequestSent{from, to, api, 1, 1, kStart + at + 500us, bytes, {"orders", 0}}};
}
world::TraceEvent received(world::EventId id, base::Duration at, world::EventId cause) {
  return {id, cause, kStart + at, world::RequestReceived{kClient, kLeader, ApiKey::Produce, 1}};
}
world::TraceEvent response(world::EventId id, base::Duration at, world::EventId cause, int16_t error = 0) {
  return {id, cause, kStart + at,
          world::ResponseSent{kLeader, kClient, ApiKey::Produce, 1, 1, kStart + at + 500us, 0, error}};
}

}  // namespace

class FlightBoardTest : public QObject {
  Q_OBJECT
 private slots:
  void anAnswerIsShownAfterItsRequestArrived() {
    FlightBoard board;
    board.take({request(1, 0us, kClient, kLeader, ApiKey::Produce), received(2, 500us, 1), response(3, 600us, 2)},
               kStart + 1ms, 1, 5'000);
    QCOMPARE(board.flights().size(), 2u);
    QVERIFY(board.flights()[1].isResponse);
    QCOMPARE(board.flights()[1].show.begin, board.flights()[0].show.end);
  }

  void aLongChainOfCausesIsCutShort() {
    FlightBoard board;
    std::vector<world::TraceEvent> events;
    for (world::EventId id = 1; id <= 20; ++id)
      events.push_back(request(id, base::Duration(static_cast<int64_t>(id)), id % 2 ? kClient : kFollower, kLeader,
                               ApiKey::Produce, 100, id - 1));
    board.take(events, kStart + 1ms, 1, 5'000);
    QVERIFY(board.flights().size() < 20);
    for (const auto& flight : board.flights()) QVERIFY(flight.show.begin <= 5'000 + kShownLateMsMax + kFlightMsMin);
  }

  void messagesCloseTogetherBecomeOneDot() {
    FlightBoard board;
    std::vector<world::TraceEvent> events;
    for (world::EventId id = 1; id <= 10; ++id)
      events.push_back(request(id, base::Duration(static_cast<int64_t>(id)), kClient, kLeader, ApiKey::Produce));
    board.take(events, kStart + 1ms, 1, 5'000);
    QCOMPARE(board.flights().size(), 1u);
    QCOMPARE(board.flights()[0].messages, 10);
  }

  void quietTrafficIsThinnedMore() {
    FlightBoard board;
    for (int n = 0; n < 10; ++n)
      board.take({request(static_cast<world::EventId>(n + 1), base::Duration(n * 200'000), kFollower, kLeader,
                          ApiKey::Fetch, 0)},
                 kStart + base::Duration(n * 200'000), 1, 5'000 + n * 200.0);
    QVERIFY(board.flights().size() <= 4);
  }

  void aFailureIsAlwaysShown() {
    FlightBoard board;
    board.take({response(1, 0us, 0), response(2, 1us, 0, 6)}, kStart + 1ms, 1, 5'000);
    QCOMPARE(board.flights().size(), 2u);
    QVERIFY(board.flights()[1].failed);
  }

  void aLostMessageEndsInTheMiddle() {
    FlightBoard board;
    board.take({request(1, 0us, kClient, kLeader, ApiKey::Produce),
                {2, 1, kStart, world::MessageDropped{kClient, kLeader, ApiKey::Produce, 1}}},
               kStart, 1, 5'000);
    QCOMPARE(board.flights().size(), 1u);
    QVERIFY(board.flights()[0].dropped);
  }

  void anAnswerTakesTheWayOfItsRequest() {
    FlightBoard board;
    // The response is caused by another event, as one from purgatory is.
    board.take({request(1, 0us, kClient, kLeader, ApiKey::Produce), response(9, 600us, 0)}, kStart + 1ms, 1, 5'000);
    QCOMPARE(board.flights()[1].partition, (base::TopicPartition{"orders", 0}));
    QCOMPARE(board.flights()[1].request, 1u);
  }

  void whatArrivedIsForgotten() {
    FlightBoard board;
    board.take({request(1, 0us, kClient, kLeader, ApiKey::Produce)}, kStart, 1, 5'000);
    board.expire(5'000 + kFlightMsMin - 1, kStart + 1s);
    QCOMPARE(board.flights().size(), 1u);
    board.expire(5'000 + kFlightMsMin, kStart + 1s);
    QVERIFY(board.flights().empty());
    QVERIFY(!board.isBusy());
  }

  void theNumberOfDotsIsBounded() {
    FlightBoard board;
    std::vector<world::TraceEvent> events;
    for (int n = 1; n <= 2'000; ++n)
      events.push_back(request(static_cast<world::EventId>(n), base::Duration(n), world::clientAddress(n), kLeader,
                               ApiKey::Produce));
    board.take(events, kStart + 10ms, 1, 5'000);
    QCOMPARE(board.flights().size(), FlightBoard::kFlightsMax);
  }

  void aNewLeaderFlashes() {
    FlightBoard board;
    board.take({{1, 0, kStart, world::LeadershipChanged{kFollower, {"orders", 1}, 7, true}},
                {2, 0, kStart, world::LeadershipChanged{kLeader, {"orders", 1}, 7, false}}},
               kStart, 1, 5'000);
    QCOMPARE(board.flashes().size(), 1u);
    QCOMPARE(board.flashes()[0].broker, 2);
    board.expire(10'000, kStart + 5s);
    QVERIFY(board.flashes().empty());
  }
};

STREAMSCOPE_TEST(FlightBoardTest);
#include "flight_board_test.moc"
