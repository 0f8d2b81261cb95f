/** The encrypted engine has the interface of the plain one, whose types are used for it. */
declare module 'better-sqlite3-multiple-ciphers' {
  import Database from 'better-sqlite3';
  export = Database;
}
