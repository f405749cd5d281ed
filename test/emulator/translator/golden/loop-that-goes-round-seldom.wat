;;         li s1, 50
;; again:  andi s2, s1, 1
;; seldom: add s3, s3, s2
;;         addi s2, s2, -1
;;         bgez s2, seldom
;;         addi s1, s1, -1
;;         bnez s1, again
;;         ebreak
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 i64 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 6))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65540)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 6))))
          (local.get 0))))
    (local.set 6
      (i64.load
        (i32.const 72)))
    (local.set 7
      (i64.load
        (i32.const 152)))
    (loop  ;; label = @1
      (local.set 8
        (i64.and
          (local.get 6)
          (i64.const 1)))
      (i64.store
        (i32.const 144)
        (local.get 8))
      (local.set 0
        (i32.sub
          (local.get 0)
          (i32.const 1)))
      (loop  ;; label = @2
        (local.set 7
          (i64.add
            (local.get 7)
            (local.get 8)))
        (local.set 8
          (i64.add
            (local.get 8)
            (i64.const -1)))
        (if  ;; label = @3
          (i64.ge_s
            (local.get 8)
            (i64.const 0))
          (then
            (local.set 0
              (i32.sub
                (local.get 0)
                (i32.const 3)))
            (if  ;; label = @4
              (i32.lt_s
                (local.get 0)
                (i32.const 6))
              (then
                (i64.store
                  (i32.const 144)
                  (local.get 8))
                (i64.store
                  (i32.const 152)
                  (local.get 7))
                (i32.store
                  (i32.const 3076)
                  (i32.const 0))
                (return
                  (i64.const 65545)
                  (local.get 0))))
            (br 1 (;@2;)))
          (else
            (local.set 6
              (i64.add
                (local.get 6)
                (i64.const -1)))
            (i64.store
              (i32.const 72)
              (local.get 6))
            (i64.store
              (i32.const 144)
              (local.get 8))
            (i64.store
              (i32.const 152)
              (local.get 7))
            (if  ;; label = @4
              (i64.ne
                (local.get 6)
                (i64.const 0))
              (then
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const 5)))
                (if  ;; label = @5
                  (i32.lt_s
                    (local.get 0)
                    (i32.const 6))
                  (then
                    (i32.store
                      (i32.const 3076)
                      (i32.const 0))
                    (return
                      (i64.const 65541)
                      (local.get 0))))
                (br 3 (;@1;)))
              (else
                (i32.store
                  (i32.const 3076)
                  (i32.const 4))
                (return
                  (i64.const 65565)
                  (i32.sub
                    (local.get 0)
                    (i32.const 5)))))))))
    (unreachable))
  (export "region0" (func 0)))
