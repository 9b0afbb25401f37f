#include "lab/command_json.h"

#include <QTest>

#include "json_object.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

Q_DECLARE_METATYPE(streamscope::lab::Command)

class CommandJsonTest : public QObject {
  Q_OBJECT
 private slots:
  void everyCommandComesBackAsItWas_data() {
    QTest::addColumn<Command>("command");
    StartProducer producer{"checkout", "orders", 0.5, 240, 7, 1, false, 1000, std::chrono::microseconds(1500), 99};
    StartConsumer consumer{"billing", "orders", {0, 2}, "group", false, std::chrono::seconds(2), "rack-a"};
    QTest::newRow("createTopic") << Command(CreateTopic{"orders", 3, 2, {{"min.insync.replicas", "2"}}});
    QTest::newRow("deleteTopic") << Command(DeleteTopic{"orders"});
    QTest::newRow("createPartitions") << Command(CreatePartitions{"orders", 4, {{1, 2}, {2, 3}}});
    QTest::newRow("alterConfigs") << Command(
        AlterConfigs{"orders", std::nullopt, {{"retention.ms", "1"}}, {"flush.ms"}});
    QTest::newRow("alterConfigs, a broker") << Command(AlterConfigs{"", 2, {{"log.retention.ms", "1"}}});
    QTest::newRow("alterConfigs, every broker") << Command(AlterConfigs{"", 0, {}, {"log.retention.ms"}});
    QTest::newRow("electLeaders") << Command(ElectLeaders{});
    QTest::newRow("electLeaders, unclean") << Command(ElectLeaders{true, {{"my-orders", 1}}});
    QTest::newRow("reassignPartition") << Command(ReassignPartition{{"orders", 1}, {3, 1}});
    QTest::newRow("alterReplicaLogDir") << Command(AlterReplicaLogDir{2, {"orders", 1}, 2});
    QTest::newRow("reassignPartition, cancel") << Command(ReassignPartition{{"orders", 1}});
    QTest::newRow("startProducer") << Command(producer);
    QTest::newRow("startProducer, acks=all") << Command(StartProducer{"a", "orders"});
    QTest::newRow("startConsumer") << Command(consumer);
    consumer.moreTopics = {"payments"};
    consumer.configs = {{"group.id", "billing"}, {"session.timeout.ms", "10000"}};
    consumer.manualCommit = ManualCommit::Sync;
    QTest::newRow("startConsumer, a member") << Command(consumer);
    QTest::newRow("killClient") << Command(KillClient{"billing"});
    QTest::newRow("pauseClient") << Command(PauseClient{"billing"});
    QTest::newRow("resumeClient") << Command(ResumeClient{"billing"});
    QTest::newRow("stopClient") << Command(StopClient{"billing"});
    QTest::newRow("killBroker") << Command(KillBroker{2});
    QTest::newRow("killBroker, a leader") << Command(KillBroker{0, base::TopicPartition{"my-orders", 1}});
    QTest::newRow("stopBroker") << Command(StopBroker{3});
    QTest::newRow("startBroker") << Command(StartBroker{3});
    QTest::newRow("startBroker, every") << Command(StartBroker{0});
    QTest::newRow("pauseBroker") << Command(PauseBroker{1});
    QTest::newRow("resumeBroker") << Command(ResumeBroker{1});
    QTest::newRow("killController") << Command(KillController{101});
    QTest::newRow("stopController, the active one") << Command(StopController{0});
    QTest::newRow("startController, every") << Command(StartController{0});
    QTest::newRow("pauseController") << Command(PauseController{101});
    QTest::newRow("pauseController, the active one") << Command(PauseController{0});
    QTest::newRow("resumeController") << Command(ResumeController{101});
    QTest::newRow("resumeController, every") << Command(ResumeController{0});
    QTest::newRow("cutLink") << Command(CutLink{world::brokerAddress(1), world::controllerAddress(100)});
    QTest::newRow("healLink") << Command(HealLink{world::brokerAddress(1), world::brokerAddress(2)});
    QTest::newRow("cutLink, one way") << Command(CutLink{world::brokerAddress(1), world::brokerAddress(2), false});
    QTest::newRow("setLink") << Command(SetLink{world::brokerAddress(1), world::controllerAddress(100), false,
                                                std::chrono::milliseconds(50), std::chrono::microseconds(1), 10, 20,
                                                1'000'000});
    QTest::newRow("setLink, only lossy") << Command(
        SetLink{world::brokerAddress(1), world::brokerAddress(2), true, std::nullopt, std::nullopt, 10});
    QTest::newRow("cutPower") << Command(CutPower{{world::brokerAddress(1), world::controllerAddress(100)}});
    QTest::newRow("cutPower, a leader") << Command(CutPower{{}, base::TopicPartition{"my-orders", 1}});
    QTest::newRow("setDisk") << Command(
        SetDisk{world::brokerAddress(1), true, 100, true, std::chrono::milliseconds(3)});
    QTest::newRow("setDisk, one directory")
        << Command(SetDisk{world::brokerAddress(1), true, 0, false, base::Duration(0), 2});
    QTest::newRow("replaceDisk") << Command(ReplaceDisk{world::brokerAddress(2)});
    QTest::newRow("flipBit") << Command(FlipBit{world::controllerAddress(100)});
    QTest::newRow("flipBit, a partition")
        << Command(FlipBit{world::brokerAddress(1), base::TopicPartition{"orders", 1}});
    QTest::newRow("setClock") << Command(SetClock{world::brokerAddress(1), "", -std::chrono::hours(1), -200});
    QTest::newRow("setClock, a client") << Command(SetClock{{}, "checkout", std::chrono::milliseconds(1), 0});
    QTest::newRow("injectError") << Command(InjectError{world::brokerAddress(1), "Produce", "NOT_LEADER_OR_FOLLOWER", 3,
                                                        base::TopicPartition{"orders", 1}});
    QTest::newRow("injectError, late") << Command(InjectError{world::controllerAddress(100), "BrokerHeartbeat",
                                                              "UNKNOWN_SERVER_ERROR", 1, std::nullopt,
                                                              std::chrono::seconds(1)});
    QTest::newRow("injectError, no more") << Command(InjectError{world::brokerAddress(1), "Fetch", "", 0});
    QTest::newRow("setDiskFull") << Command(SetDiskFull{2, false});
  }
  void everyCommandComesBackAsItWas() {
    QFETCH(Command, command);
    const base::Result<Command> read = commandFromJson(toJson(command));
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QVERIFY2(*read == command, toJson(command).c_str());
  }

  void readsAsALine() {
    QCOMPARE(toJson(KillBroker{2}), std::string(R"({"command":"killBroker","broker":2})"));
    QCOMPARE(toJson(KillBroker{0, base::TopicPartition{"orders", 1}}),
             std::string(R"({"command":"killBroker","leaderOf":"orders-1"})"));
  }

  void refusesWithPlaceAndRemedy_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no JSON") << "{\n \"command\": }"
                             << "line 2, column 13";
    QTest::newRow("a list") << "[]"
                            << "it must be an object";
    QTest::newRow("no command") << "{}"
                                << "/command is missing";
    QTest::newRow("unknown command") << R"({"command":"explode"})"
                                     << "/command is \"explode\"; it must be one of createTopic,";
    QTest::newRow("unknown member") << R"({"command":"killBroker","broker":1,"hard":true})"
                                    << "/hard is unknown; allowed here: command, leaderOf, broker.";
    QTest::newRow("member missing") << R"({"command":"killBroker"})"
                                    << "/broker is missing";
    QTest::newRow("wrong type") << R"({"command":"killBroker","broker":"one"})"
                                << "/broker is \"one\"; it must be a whole number from 1 to 999.";
    QTest::newRow("fraction") << R"({"command":"killBroker","broker":1.5})"
                              << "/broker is 1.5";
    QTest::newRow("out of range") << R"({"command":"killBroker","broker":0})"
                                  << "/broker is 0; it must be a whole number";
    QTest::newRow("both broker and leaderOf") << R"({"command":"killBroker","broker":1,"leaderOf":"a-1"})"
                                              << "/leaderOf is \"a-1\"; it must be absent";
    QTest::newRow("no partition") << R"({"command":"killBroker","leaderOf":"orders"})"
                                  << "a partition such as \"orders-1\"";
    QTest::newRow("topic name") << R"({"command":"deleteTopic","topic":"a b"})"
                                << "/topic is \"a b\"; it must be a topic name";
    QTest::newRow("acks") << R"({"command":"startProducer","name":"p","topic":"t","acks":2})"
                          << "/acks is 2; it must be 0, 1 or \"all\".";
    QTest::newRow("rate") << R"({"command":"startProducer","name":"p","topic":"t","recordsPerSecond":0})"
                          << "/recordsPerSecond is 0; it must be a number from";
    QTest::newRow("duration without unit") << R"({"command":"startProducer","name":"p","topic":"t","linger":5})"
                                           << "/linger is 5; it must be a duration such as";
    QTest::newRow("config that is no text") << R"({"command":"createTopic","topic":"t","configs":{"a/b":1}})"
                                            << "/configs/a~1b is 1; it must be text.";
    QTest::newRow("partition list") << R"({"command":"startConsumer","name":"c","topic":"t","partitions":[-1]})"
                                    << "/partitions is [-1]; it must be a list of partition numbers";
    QTest::newRow("node") << R"({"command":"cutLink","a":"broker 1","b":"client 2"})"
                          << "/b is \"client 2\"; it must be \"broker 1\"";
    QTest::newRow("too lossy") << R"({"command":"setLink","from":"broker 1","to":"broker 2","lossPerMille":1001})"
                               << "/lossPerMille is 1001; it must be a whole number from 0 to 1000.";
    QTest::newRow("too slow") << R"({"command":"setLink","from":"broker 1","to":"broker 2","latency":"2 h"})"
                              << "/latency is \"2 h\"; it must be at most 1 h.";
    QTest::newRow("negative latency") << R"({"command":"setLink","from":"broker 1","to":"broker 2","latency":"-2 s"})"
                                      << "/latency is \"-2 s\"; it must be a duration such as";
    QTest::newRow("no nodes") << R"({"command":"cutPower","nodes":[]})"
                              << "/nodes is []; it must be a list of nodes such as";
    QTest::newRow("nodes missing") << R"({"command":"cutPower"})"
                                   << "/nodes is missing";
    QTest::newRow("nodes and leaderOf") << R"({"command":"cutPower","nodes":["broker 1"],"leaderOf":"a-1"})"
                                        << "/leaderOf is \"a-1\"; it must be absent";
    QTest::newRow("clock of two") << R"({"command":"setClock","node":"broker 1","client":"a"})"
                                  << "/client is \"a\"; it must be absent";
    QTest::newRow("clock too wrong") << R"({"command":"setClock","node":"broker 1","offset":"-9000 h"})"
                                     << "/offset is \"-9000 h\"; it must be at least -8784 h.";
    QTest::newRow("unknown API") << R"({"command":"injectError","node":"broker 1","api":"Push","error":"NONE"})"
                                 << "/api is \"Push\"; it must be the name of a request such as \"Produce\"";
    QTest::newRow("unknown error") << R"({"command":"injectError","node":"broker 1","api":"Fetch","error":"OOPS"})"
                                   << "/error is \"OOPS\"; it must be an error of Kafka's such as";
    QTest::newRow("no error") << R"({"command":"injectError","node":"broker 1","api":"Fetch","error":"NONE"})"
                              << "/error is \"NONE\"; it must be an error of Kafka's such as";
    QTest::newRow("huge number") << R"({"command":"killBroker","broker":99999999999999999999})"
                                 << "/broker is";
    QTest::newRow("empty name") << R"({"command":"stopClient","name":""})"
                                << "/name is \"\"; it must be text that is not empty";
  }
  void refusesWithPlaceAndRemedy() {
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    const base::Result<Command> read = commandFromJson(text.toStdString());
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, base::ErrorCode::INVALID_REQUEST);
    QVERIFY2(QString::fromStdString(read.error().message).contains(sentence), read.error().message.c_str());
  }

  void durationsHaveOneForm() {
    QCOMPARE(formatDuration(std::chrono::microseconds(1500)), std::string("1500 us"));
    QCOMPARE(formatDuration(std::chrono::milliseconds(5)), std::string("5 ms"));
    QCOMPARE(formatDuration(std::chrono::seconds(90)), std::string("90 s"));
    QCOMPARE(formatDuration(std::chrono::minutes(60)), std::string("1 h"));
    QCOMPARE(formatDuration(base::Duration::zero()), std::string("0 s"));
    QVERIFY(parseDuration("500us") == std::optional<base::Duration>(std::chrono::microseconds(500)));
    QVERIFY(parseDuration("2 min") == std::optional<base::Duration>(std::chrono::minutes(2)));
    for (const char* wrong : {"", "5", "ms", "-5 ms", "5  ms", "5 days", "99999999999999999999 h", "9999999999999 h"})
      QVERIFY2(!parseDuration(wrong).has_value(), wrong);
  }
};

STREAMSCOPE_TEST(CommandJsonTest);
#include "command_json_test.moc"
