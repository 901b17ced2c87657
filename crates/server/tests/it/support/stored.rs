//! Every byte that an application under test has written down.

use std::{fs, path::Path};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::TestApp;

impl TestApp {
    /// Where these bytes are: in a file of the test's folder (databases, their journals,
    /// the data folder), or in a row of any table.
    pub(crate) async fn stored_in(&self, secret: &str) -> Option<String> {
        match in_files(self.folder.path(), secret.as_bytes()) {
            Some(file) => Some(file),
            None => self.in_tables(secret).await,
        }
    }

    async fn in_tables(&self, secret: &str) -> Option<String> {
        let db = &**self.db.read();
        if db.get_database_backend() != DbBackend::Postgres {
            return None;
        }
        let rows = async |sql: &str| {
            let statement = Statement::from_string(DbBackend::Postgres, sql);
            let rows = db.query_all_raw(statement).await.unwrap();
            rows.into_iter()
                .map(|row| row.try_get_by_index::<String>(0).unwrap())
                .collect::<Vec<_>>()
        };
        let tables = "SELECT table_name::text FROM information_schema.tables \
            WHERE table_schema = current_schema()";
        let tables = rows(tables).await;
        assert!(tables.len() > 10, "only {tables:?} were found");
        for table in tables {
            let found = rows(&format!("SELECT t::text FROM \"{table}\" t")).await;
            if found.iter().any(|row| row.contains(secret)) {
                return Some(table);
            }
        }
        None
    }
}

fn in_files(path: &Path, secret: &[u8]) -> Option<String> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path).unwrap();
        return entries.find_map(|entry| in_files(&entry.unwrap().path(), secret));
    }
    // A journal may go while it is looked at.
    let bytes = fs::read(path).unwrap_or_default();
    let is_there = bytes.windows(secret.len()).any(|window| window == secret);
    is_there.then(|| path.display().to_string())
}
