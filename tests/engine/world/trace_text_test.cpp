#include "world/trace_text.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::world;

class TraceTextTest : public QObject {
  Q_OBJECT
 private slots:
  void aLineSaysWhenWhichWhyAndWhat() {
    const base::VirtualTime time(std::chrono::milliseconds(1234));
    const RecordsAppended appended{brokerAddress(2), {"orders", 1}, 120, 131, 1536, 4, true};
    QCOMPARE(toText({812, 799, time, appended}),
             std::string("00:00:01.234 #812 <-#799 broker 2 appended orders-1 [120..131], 1536 bytes, as leader in "
                         "epoch 4"));
    QCOMPARE(toText({1, 0, time, NodeStarted{brokerAddress(2)}}), std::string("00:00:01.234 #1 broker 2 started"));
  }

  void sentencesOfWhatCanHappen() {
    const Address broker = brokerAddress(2), client = clientAddress(1);
    const protocol::ApiKey produce = protocol::ApiKey::Produce;
    const base::TopicPartition orders{"orders", 1};
    const std::pair<EventPayload, std::string> expected[] = {
        {RequestSent{client, broker, produce, 9, 4, {}, 77, orders},
         "client 1 -> broker 2: Produce v9 (4) for orders-1 with 77 bytes of records"},
        {ResponseSent{broker, client, produce, 9, 4, {}, 0, 6},
         "broker 2 -> client 1: answer to Produce v9 (4): NOT_LEADER_OR_FOLLOWER"},
        {RequestFailed{client, broker, produce, 4, RequestFailed::Reason::TimedOut},
         "client 1: Produce (4) to broker 2 timed out"},
        {MessageDropped{client, broker, produce, 4}, "Produce (4) from client 1 to broker 2 was lost"},
        {MessageRetransmitted{client, broker, produce, 4, 2, 600'500},
         "Produce (4) from client 1 to broker 2 was lost 2 times and sent again by TCP, 600.5 ms later"},
        {MessageDuplicated{client, broker, produce, 4, {}}, "Produce (4) from client 1 to broker 2 will arrive twice"},
        {PartitionsAdded{"orders", 3, 5}, "topic orders grows from 3 to 5 partitions"},
        {ConfigChanged{"topic orders", "retention.ms", "1000", false}, "topic orders: retention.ms is now \"1000\""},
        {ConfigChanged{"brokers", "log.retention.ms", "", true}, "brokers: log.retention.ms is no longer set"},
        {PartitionReassigned{orders, "started", {3, 2, 1}, {3}, {1}},
         "orders-1: reassignment started, replicas [3 2 1], adding [3], removing [1]"},
        {PartitionReassigned{orders, "completed", {3, 2}, {}, {}}, "orders-1: reassignment completed, replicas [3 2]"},
        {ReplicaRemoved{broker, orders}, "broker 2 removes its replica of orders-1"},
        {PartitionChanged{orders, 1, 2, 5, 8, {1, 2, 3}, {2, 3}},
         "orders-1: leader broker 1 -> broker 2 in epoch 5, ISR [1 2 3] -> [2 3], partition epoch 8"},
        {PartitionChanged{orders, 2, -1, 5, 8, {2}, {2}},
         "orders-1: leader broker 2 -> none in epoch 5, ISR [2], partition epoch 8"},
        {LogCleaningStarted{broker, orders, 5, 20, 100, 300, "75 % of its bytes are dirty"},
         "broker 2 cleans orders-1 from 5 to below 20: 75 % of its bytes are dirty"},
        {LogCleaned{broker, orders, 5, 20, 20, 8, 400, 160, 7, 3, 1},
         "broker 2 cleaned orders-1 up to 20: kept 8 of 20 records, 160 of 400 bytes"},
        {LogCleaningFailed{broker, orders, "byte 7 is damaged"}, "broker 2 cannot clean orders-1: byte 7 is damaged"},
        {LogRecovered{broker, orders, 10, 33, "the last batch is torn"},
         "broker 2 recovered orders-1 to log end offset 10, 33 bytes cut: the last batch is torn"},
        {MetadataSnapshotWritten{controllerAddress(100), 1200, 3, 4096, "an hour has passed"},
         "controller 100 wrote a snapshot of the metadata log to offset 1200 (epoch 3, 4096 bytes): an hour has "
         "passed"},
        {MetadataSnapshotFetched{controllerAddress(101), controllerAddress(100), 1200, 3, 4096},
         "controller 101 fetched the snapshot to offset 1200 (epoch 3, 4096 bytes) from controller 100"},
        {MetadataSnapshotDeleted{controllerAddress(100), 1200, 3, "there is a newer one"},
         "controller 100 deleted the snapshot to offset 1200 (epoch 3): there is a newer one"},
        {QuorumRoleChanged{controllerAddress(101), "Follower", "Prospective", 3, 100, "no fetch for 2 s"},
         "controller 101: Follower -> Prospective in epoch 3, leader 100: no fetch for 2 s"},
        {QuorumVoteAnswered{controllerAddress(101), controllerAddress(102), 4, true, false, "it follows a leader"},
         "controller 101 refuses controller 102 a pre-vote in epoch 4: it follows a leader"},
        {MetadataRecordSkipped{broker, 17, "type 99 is not known here"},
         "broker 2 skipped the metadata record at offset 17: type 99 is not known here"},
        {LogDirectoryFileDamaged{broker, "log-start-offset-checkpoint", "it ends early"},
         "broker 2 goes on without log-start-offset-checkpoint: it ends early"},
        {LogDirectoryOffline{broker, "logs-1", "AAAA", 4, "a write failed"},
         "log directory logs-1 of broker 2 is offline with 4 replicas: a write failed"},
        {ReplicaDirectoryAssigned{broker, {"orders", 1}, "AAAA"}, "broker 2 keeps orders-1 in its log directory AAAA"},
        {FutureReplicaCreated{broker, {"orders", 1}, "logs-1", "logs-2"},
         "broker 2 begins to copy orders-1 from logs-1 to logs-2"},
        {FutureReplicaPromoted{broker, {"orders", 1}, "logs-1", "logs-2", 40},
         "broker 2 has orders-1 in logs-2 now, up to offset 40, not in logs-1"},
        {FutureReplicaRemoved{broker, {"orders", 1}, "logs-2", "the topic was deleted"},
         "broker 2 gives up the copy of orders-1 in logs-2: the topic was deleted"},
        {ReplicationThrottled{broker, true, true, 2000, 1000},
         "broker 2 holds back throttled replication as leader at 2000 of 1000 bytes a second"},
        {CoordinatorLoaded{broker, {"__consumer_offsets", 7}, 3, 12},
         "broker 2 coordinates what is in __consumer_offsets-7 from epoch 3 on, read from 12 records"},
        {CoordinatorUnloaded{broker, {"__consumer_offsets", 7}, 3, "broker 1 leads it"},
         "broker 2 no longer coordinates what is in __consumer_offsets-7: broker 1 leads it"},
        {GroupStateChanged{broker, "readers", "Stable", "PreparingRebalance", 4, "a member left"},
         "broker 2, group readers: Stable -> PreparingRebalance, generation 4: a member left"},
        {GroupMemberJoined{broker, "readers", "c-1", "", "c", "/127.0.0.1", 4},
         "broker 2, group readers: c-1 joined from /127.0.0.1 (c)"},
        {GroupMemberLeft{broker, "readers", "c-1", "till", 4, "its session timed out"},
         "broker 2, group readers: till as c-1 left: its session timed out"},
        {GroupRebalanceStarted{broker, "readers", 4, "a member left"},
         "broker 2, group readers: generation 4 ends in a rebalance: a member left"},
        {GroupRebalanceCompleted{broker, "readers", 5, 1, "range", "c-1"},
         "broker 2, group readers: generation 5 has 1 member and the assignor range, led by c-1"},
        {GroupMemberAssigned{broker, "readers", "c-1", 5, {{"orders", 0}, {"orders", 1}}},
         "broker 2, group readers: c-1 owns in generation 5: orders-0 orders-1"},
        {GroupMemberAssigned{broker, "readers", "c-1", 5, {}},
         "broker 2, group readers: c-1 owns in generation 5: nothing"},
        {OffsetCommitted{broker, "readers", "c-1", 5, orders, 42},
         "broker 2, group readers: offset 42 of orders-1 is committed by c-1"},
        {CommittedOffsetRemoved{broker, "readers", orders, 42, "its topic was deleted"},
         "broker 2, group readers: the committed offset 42 of orders-1 is forgotten: its topic was deleted"},
        {ReadReplicaChanged{client, {"orders", 1}, -1, 3, "the leader said so"},
         "client 1 reads orders-1 from broker 3: the leader said so"},
        {ReadReplicaChanged{client, {"orders", 1}, 3, -1, ""}, "client 1 reads orders-1 from the leader"},
        {PartitionsAssigned{client, "billing", "m-1", 4, {orders}, {{"orders", 0}, orders}},
         "client 1 has [orders-0 orders-1] in generation 4 of group billing, new [orders-1]"},
        {PartitionsRevoked{client, "billing", 4, {orders}, "the group rebalances"},
         "client 1 gives up [orders-1] of group billing: the group rebalances"},
        {PartitionsLost{client, "billing", {orders}, "its session timed out"},
         "client 1 has lost [orders-1] of group billing: its session timed out"},
        {RejoinRequested{client, "billing", "group is already rebalancing"},
         "client 1 joins group billing: group is already rebalancing"},
        {PollIntervalExceeded{client, "billing", 300'000}, "client 1 leaves group billing: no poll for 300000 ms"},
        {OffsetCommitFailed{client, "billing", 27, "it rejoins"},
         "client 1 could not commit offsets of group billing: REBALANCE_IN_PROGRESS: it rejoins"},
        {ConsumerFailed{client, 82, ""}, "client 1 ended: FENCED_INSTANCE_ID"},
        {ConnectionClosed{externalAddress(3), broker, ""}, "connection of external 3 to broker 2 closed"},
        {NodeStopped{broker, NodeStopped::Manner::LostPower}, "broker 2 lost power"},
        {LinkConditionsChanged{client, broker, 50'000, 10'250, 20, 5, 100'000},
         "link from client 1 to broker 2 takes 50 ms and up to 10.25 ms more, loses 20 of 1000 messages, doubles 5 of "
         "1000 requests, carries 100000 bytes/s"},
        {LinkConditionsChanged{client, broker, 500, 0, 0, 0, 0}, "link from client 1 to broker 2 takes 0.5 ms"},
        {ClockChanged{broker, -3'600'000'000, 200},
         "clock of broker 2 is 3600000 ms behind and gains 200 us in each second"},
        {ClockChanged{broker, 0, 0}, "clock of broker 2 is right"},
        {DiskConditionsChanged{broker, true, false, true, 2'000},
         "disk of broker 2 is full, loses its syncs, takes 2 ms for each operation"},
        {DiskConditionsChanged{broker, false, false, false, 0}, "disk of broker 2 is well"},
        {UnsyncedChangesLost{broker, 1, 2, 300},
         "disk of broker 2 lost what was not synced with the power: 1 changes of names, changes in 2 files, 300 bytes"},
        {DiskReplaced{broker}, "broker 2 has a new, empty disk"},
        {BitFlipped{broker, "orders-1/00000000000000000000.log", 77, 3},
         "bit 3 of byte 77 in orders-1/00000000000000000000.log of broker 2 flipped"},
        {ErrorsInjected{broker, produce, orders, 6, 3},
         "broker 2 will answer the next 3 Produce requests for orders-1 with NOT_LEADER_OR_FOLLOWER"},
        {InjectedErrorUsed{broker, client, produce, 4, 6, 2},
         "broker 2 answers Produce (4) of client 1 with the injected NOT_LEADER_OR_FOLLOWER, 2 left"},
        {CommandExecuted{"kill broker 7", "there is no broker 7"},
         "command kill broker 7 refused: there is no broker 7"},
    };
    for (const auto& [payload, text] : expected) QCOMPARE(sentence(payload), text);
  }
};

STREAMSCOPE_TEST(TraceTextTest);
#include "trace_text_test.moc"
