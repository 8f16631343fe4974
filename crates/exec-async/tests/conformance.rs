//! What every executor promises, for each runtime, truly and falsely asynchronous.

mod tokio {
    paceline_testkit::conformance!(paceline_exec_async::Tokio);
}

mod tokio_multi_thread {
    paceline_testkit::conformance!(paceline_exec_async::TokioMultiThread);
}

mod tokio_blocking {
    paceline_testkit::conformance!(paceline_exec_async::TokioBlocking);
}

mod async_std {
    paceline_testkit::conformance!(paceline_exec_async::AsyncStd);
}

mod smol {
    paceline_testkit::conformance!(paceline_exec_async::Smol);
}

mod false_tokio {
    paceline_testkit::conformance!(paceline_exec_async::FalseTokio);
}

mod false_async_std {
    paceline_testkit::conformance!(paceline_exec_async::FalseAsyncStd);
}

mod false_smol {
    paceline_testkit::conformance!(paceline_exec_async::FalseSmol);
}
