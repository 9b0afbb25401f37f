#include "open_file_limit.h"

#include <QTest>

#include "support/test_registry.h"

#ifndef _WIN32
#include <sys/resource.h>
#endif

using namespace streamscope;

class OpenFileLimitTest : public QObject {
  Q_OBJECT
 private slots:
#ifndef _WIN32
  void theSoftLimitBecomesTheHardOne() {
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &before), 0);
    if (before.rlim_max <= 256) QSKIP("The hard limit leaves nothing to raise.");
    rlimit low = before;
    low.rlim_cur = 256;
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &low), 0);
    const size_t raised = gateway::raiseOpenFileLimit();
    rlimit after{};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &after), 0);
    setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(after.rlim_cur > 256);
    QCOMPARE(after.rlim_max, before.rlim_max);
    QCOMPARE(raised, after.rlim_cur == RLIM_INFINITY ? SIZE_MAX : static_cast<size_t>(after.rlim_cur));
#ifdef __linux__
    QCOMPARE(after.rlim_cur, before.rlim_max);
#endif
  }
#endif

  void aQuarterIsForRealClients() {
    QCOMPARE(gateway::externalConnectionsMax(0), size_t{64});
    QCOMPARE(gateway::externalConnectionsMax(256), size_t{64});
    QCOMPARE(gateway::externalConnectionsMax(1024), size_t{256});
    QCOMPARE(gateway::externalConnectionsMax(40'000), size_t{10'000});
    QCOMPARE(gateway::externalConnectionsMax(SIZE_MAX), size_t{10'000});
  }
};

STREAMSCOPE_TEST(OpenFileLimitTest);
#include "open_file_limit_test.moc"
